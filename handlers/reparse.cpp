// POST /api/devices/{device_id}/coredumps/{id}/reparse and /api/coredumps/reparse

#include "core/parsing/reparse.hpp"

#include "core/lookup.hpp"
#include "http/json_body.hpp"
#include "http/program.hpp"
#include "http/views.hpp"

using namespace coredepot;

namespace {

http::Response reparse(core::Reparse& reparse, const http::Request& request) {
    const auto device_id = request.id_parameter("device_id", "Device");
    return http::to_response(reparse.one(device_id, request.id_parameter("id", "Coredump")));
}

http::Response reparse_all(core::Reparse& reparse, const http::Request& request) {
    const auto body = http::read_json(request);
    const auto count =
        reparse.all({http::optional_string(body, "status"), http::optional_string(body, "model"),
                     http::optional_string(body, "version")});
    json::Writer writer;
    writer.begin_object().member("count", count).end_object();
    return http::json_response(200, writer);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-reparse", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::DeviceModels models(database);
        db::Coredumps coredumps(database);
        db::Requeue requeue(database);
        core::Reparse use_case(devices, models, coredumps, requeue,
                               storage::wake_ups(config.spool_dir()));
        serve({{http::Endpoint::ReparseCoredump,
                [&](const http::Request& request) { return reparse(use_case, request); }},
               {http::Endpoint::ReparseCoredumps,
                [&](const http::Request& request) { return reparse_all(use_case, request); }}},
              core::client_registry(devices));
    });
}
