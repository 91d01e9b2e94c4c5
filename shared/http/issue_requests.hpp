#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "db/coredump_search.hpp"
#include "domain/issue.hpp"
#include "http/request.hpp"
#include "json.hpp"

/// What clients ask of issues. Each throws core::ValidationFailed for what it cannot be.
namespace coredepot::http {

/// Of the query; the model is for others to look up.
IssueFilter issue_filter(const Request& request);
db::CoredumpSearch::Filter coredump_filter(const Request& request);

/// `{"state": …, …}` or `{"ticket_url": …}`
IssueChange issue_change(const json::Object& body);
/// `{"ids": […]}`
std::vector<std::int64_t> issue_ids(const json::Object& body);
/// `{"into": …}`
std::int64_t issue_to_merge_into(const json::Object& body);

/// The revision that the client saw (If-Match): `"7"`; empty: it does not say, or any will do
/// (`*`). Throws core::PreconditionFailed for what names none.
std::optional<std::int64_t> seen_revision(const Request& request);

}  // namespace coredepot::http
