#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "db/coredump_search.hpp"
#include "domain/issue.hpp"
#include "http/request.hpp"
#include "json.hpp"

/// Reads requests about issues. Each function throws core::ValidationFailed when something is
/// invalid.
namespace coredepot::http {

/// Reads the query. The caller looks up the model.
IssueFilter issue_filter(const Request& request);
db::CoredumpSearch::Filter coredump_filter(const Request& request);

/// `{"state": …, …}` or `{"ticket_url": …}`
IssueChange issue_change(const json::Object& body);
/// `{"ids": […]}`
std::vector<std::int64_t> issue_ids(const json::Object& body);
/// `{"into": …}`
std::int64_t issue_to_merge_into(const json::Object& body);

/// The revision that the client saw, from If-Match: `"7"`. Empty when there is no header, or when
/// any revision will do (`*`). Throws core::PreconditionFailed when the header holds no revision.
std::optional<std::int64_t> seen_revision(const Request& request);

}  // namespace coredepot::http
