// The targets of alerts, and what happened to their messages.

#include "core/alerts/targets.hpp"
#include "core/lookup.hpp"
#include "http/alert_requests.hpp"
#include "http/alert_views.hpp"
#include "http/json_body.hpp"
#include "http/paging.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

std::int64_t id_of(const http::Request& request) {
    return request.id_parameter("id", "Alert target");
}

http::Response respond(int status, const AlertTarget& target) {
    json::Writer writer;
    http::write(writer, target);
    return http::json_response(status, writer);
}

http::Response list(core::AlertTargets& targets) {
    json::Writer writer;
    writer.begin_object().key("targets").begin_array();
    for (const auto& target : targets.list()) http::write(writer, target);
    writer.end_array().end_object();
    return http::json_response(200, writer);
}

http::Response create(core::AlertTargets& targets, const http::Request& request) {
    return respond(201, targets.create(http::new_alert_target(http::read_json(request))));
}

http::Response change(core::AlertTargets& targets, const http::Request& request) {
    const auto id = id_of(request);
    return respond(200, targets.change(id, http::alert_target_change(http::read_json(request))));
}

http::Response remove(core::AlertTargets& targets, const http::Request& request) {
    targets.remove(id_of(request));
    return http::no_content();
}

http::Response test(core::AlertTargets& targets, const http::Request& request) {
    json::Writer writer;
    writer.begin_object().member("message", targets.test(id_of(request))).end_object();
    return http::json_response(202, writer);
}

http::Response deliveries(core::AlertTargets& targets, const http::Request& request) {
    const auto id = id_of(request);
    const http::Cursor cursor("deliveries of alert target " + std::to_string(id));
    const auto page = http::page_request<std::int64_t>(request, cursor);
    return http::page_response("deliveries", targets.deliveries(id, page), cursor);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        db::Database database(config.database_url, "coredepot-alerts", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::AlertTargets rows(database);
        core::AlertTargets targets(rows, storage::wake_ups(config.spool_dir()));
        serve({{Endpoint::ListAlertTargets, [&](const Request&) { return list(targets); }},
               {Endpoint::CreateAlertTarget, [&](const Request& r) { return create(targets, r); }},
               {Endpoint::GetAlertTarget,
                [&](const Request& r) { return respond(200, targets.find(id_of(r))); }},
               {Endpoint::ChangeAlertTarget, [&](const Request& r) { return change(targets, r); }},
               {Endpoint::DeleteAlertTarget, [&](const Request& r) { return remove(targets, r); }},
               {Endpoint::TestAlertTarget, [&](const Request& r) { return test(targets, r); }},
               {Endpoint::ListAlertDeliveries,
                [&](const Request& r) { return deliveries(targets, r); }}},
              core::client_registry(devices));
    });
}
