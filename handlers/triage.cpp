// What people do to issues: resolve, mute, merge, split, comment.

#include "core/issues/triage.hpp"

#include "core/lookup.hpp"
#include "http/issue_requests.hpp"
#include "http/issue_views.hpp"
#include "http/json_body.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

const std::string& reference(const http::Request& request) {
    return request.path_parameter("issue");
}

http::Response change(core::Triage& triage, const http::Request& request) {
    const auto change = http::issue_change(http::read_json(request));
    return http::to_response(200, triage.change(reference(request), http::seen_revision(request),
                                                change, request.identity.person));
}

http::Response change_all(core::Triage& triage, const http::Request& request) {
    const auto body = http::read_json(request);
    const auto ids = http::issue_ids(body);
    const auto wanted = body.object("change");
    if (!wanted) throw core::ValidationFailed("change must be an object");
    const auto bulk = triage.change_all(ids, http::issue_change(*wanted), request.identity.person);
    json::Writer writer;
    writer.begin_object().member("changed", bulk.changed).key("refused").begin_array();
    for (const auto& refused : bulk.refused) {
        writer.begin_object().member("id", refused.id).member("error", refused.error).end_object();
    }
    writer.end_array().end_object();
    return http::json_response(200, writer);
}

http::Response merge(core::Triage& triage, const http::Request& request) {
    const auto into = http::issue_to_merge_into(http::read_json(request));
    return http::to_response(200, triage.merge(reference(request), http::seen_revision(request),
                                               into, request.identity.person));
}

http::Response split(core::Triage& triage, const http::Request& request) {
    return http::to_response(
        201, triage.split(reference(request), http::seen_revision(request),
                          request.path_parameter("signature"), request.identity.person));
}

http::Response comment(core::Triage& triage, const http::Request& request) {
    const auto text = http::require_string(http::read_json(request), "comment");
    triage.comment(reference(request), text, request.identity.person);
    json::Writer writer;
    writer.begin_object().member("comment", text).end_object();
    return http::json_response(201, writer);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        db::Database database(config.database_url, "coredepot-triage", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Issues issues(database);
        db::Triage rows(database);
        core::Triage triage(issues, rows);
        serve({{Endpoint::ChangeIssue, [&](const Request& r) { return change(triage, r); }},
               {Endpoint::ChangeIssues, [&](const Request& r) { return change_all(triage, r); }},
               {Endpoint::MergeIssue, [&](const Request& r) { return merge(triage, r); }},
               {Endpoint::SplitIssue, [&](const Request& r) { return split(triage, r); }},
               {Endpoint::CommentIssue, [&](const Request& r) { return comment(triage, r); }}},
              core::client_registry(devices));
    });
}
