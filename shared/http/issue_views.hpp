#pragma once

#include <string_view>
#include <vector>

#include "domain/issue.hpp"
#include "http/response.hpp"
#include "json.hpp"

/// Writes issues and versions as JSON.
namespace coredepot::http {

void write(json::Writer& writer, const IssueSummary& issue);
void write(json::Writer& writer, const IssueDetail& issue);
void write(json::Writer& writer, const IssueVersion& version);
void write(json::Writer& writer, const IssueDevice& device);
void write(json::Writer& writer, const IssueEvent& event);
void write(json::Writer& writer, const IssueSeries& series);
void write(json::Writer& writer, const ModelVersion& version);

/// The answer for an issue. Its ETag is the issue's revision, which a change must name.
Response to_response(int status, const IssueDetail& issue);

/// `{"{name}": [...]}`
template <class Item>
void write_list(json::Writer& writer, std::string_view name, const std::vector<Item>& items) {
    writer.begin_object().key(name).begin_array();
    for (const auto& item : items) write(writer, item);
    writer.end_array().end_object();
}

}  // namespace coredepot::http
