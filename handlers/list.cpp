// GET /api/devices/{device_id}/coredumps

#include "core/coredumps/coredumps.hpp"
#include "core/lookup.hpp"
#include "http/paging.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

http::Response list(core::Coredumps& coredumps, const http::Request& request) {
    const auto device_id = request.id_parameter("device_id", "Device");
    const http::Cursor cursor("coredumps of " + std::to_string(device_id));
    const auto page = http::page_request<CoredumpPosition>(request, cursor);
    return http::page_response("coredumps", coredumps.list(device_id, page), cursor);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-list", db::Mode::ReadOnly);
        db::Devices devices(database);
        db::Coredumps rows(database);
        core::Coredumps coredumps(devices, rows, core::DumpFiles(std::nullopt));
        serve({{http::Endpoint::ListCoredumps,
                [&](const http::Request& request) { return list(coredumps, request); }}},
              core::client_registry(devices));
    });
}
