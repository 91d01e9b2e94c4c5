// Reads issues, versions of models, and the core dumps of all devices.

#include "core/issues/issues.hpp"

#include "core/lookup.hpp"
#include "http/issue_requests.hpp"
#include "http/issue_views.hpp"
#include "http/paging.hpp"
#include "http/program.hpp"
#include "http/views.hpp"

using namespace coredepot;

namespace {

const std::string& reference(const http::Request& request) {
    return request.path_parameter("issue");
}

template <class Item>
http::Response respond_list(std::string_view name, const std::vector<Item>& items) {
    json::Writer writer;
    http::write_list(writer, name, items);
    return http::json_response(200, writer);
}

http::Response list(core::Issues& issues, const http::Request& request) {
    const auto filter = http::issue_filter(request);
    const http::Cursor cursor("issues by " + filter.sort);
    const auto page = http::page_request<IssuePosition>(request, cursor);
    return http::page_response("issues", issues.list(filter, request.query.get("model"), page),
                               cursor);
}

http::Response find(core::Issues& issues, const http::Request& request) {
    return http::to_response(200, issues.find(reference(request)));
}

http::Response series(core::Issues& issues, const http::Request& request) {
    json::Writer writer;
    http::write(writer, issues.series(reference(request)));
    return http::json_response(200, writer);
}

http::Response devices(core::Issues& issues, const http::Request& request) {
    const http::Cursor cursor("devices of issue " + reference(request));
    const auto page = http::page_request<std::int64_t>(request, cursor);
    return http::page_response("devices", issues.devices(reference(request), page), cursor);
}

http::Response history(core::Issues& issues, const http::Request& request) {
    const http::Cursor cursor("history of issue " + reference(request));
    const auto page = http::page_request<std::int64_t>(request, cursor);
    return http::page_response("history", issues.history(reference(request), page), cursor);
}

http::Response coredumps(core::Issues& issues, const http::Request& request,
                         const std::optional<std::string>& issue) {
    const auto filter = http::coredump_filter(request);
    const http::Cursor cursor("core dumps of " + issue.value_or("all issues") + " and " +
                              (filter.device ? std::to_string(*filter.device) : "all devices"));
    auto found = issues.coredumps(filter, issue, request.query.get("model"),
                                  http::page_request<CoredumpPosition>(request, cursor));
    const Page<CoredumpSummary, CoredumpPosition> page{std::move(found.coredumps), found.next};
    return http::page_response("coredumps", page, cursor);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        db::Database database(config.database_url, "coredepot-issues", db::Mode::ReadOnly);
        db::Devices devices_table(database);
        db::DeviceModels models(database);
        db::Issues rows(database);
        db::ModelVersions versions(database);
        db::CoredumpSearch search(database);
        core::Issues issues(rows, versions, search, models);
        serve(
            {
                {Endpoint::ListIssues, [&](const Request& r) { return list(issues, r); }},
                {Endpoint::GetIssue, [&](const Request& r) { return find(issues, r); }},
                {Endpoint::ListIssueVersions,
                 [&](const Request& r) {
                     return respond_list("versions", issues.versions(reference(r)));
                 }},
                {Endpoint::ListSimilarIssues,
                 [&](const Request& r) {
                     return respond_list("issues", issues.similar(reference(r)));
                 }},
                {Endpoint::ListIssueDevices, [&](const Request& r) { return devices(issues, r); }},
                {Endpoint::GetIssueSeries, [&](const Request& r) { return series(issues, r); }},
                {Endpoint::GetIssueHistory, [&](const Request& r) { return history(issues, r); }},
                {Endpoint::ListIssueCoredumps,
                 [&](const Request& r) { return coredumps(issues, r, reference(r)); }},
                {Endpoint::FindCoredumps,
                 [&](const Request& r) { return coredumps(issues, r, r.query.get("issue")); }},
                {Endpoint::ListModelVersions,
                 [&](const Request& r) {
                     const auto id = r.id_parameter("id", "Device model");
                     return respond_list("versions", issues.versions_of_model(id));
                 }},
            },
            core::client_registry(devices_table));
    });
}
