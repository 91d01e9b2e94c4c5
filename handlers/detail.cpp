// GET /api/devices/{device_id}/coredumps/{id} and /api/coredumps/{id}

#include "core/coredumps/coredumps.hpp"
#include "core/lookup.hpp"
#include "http/program.hpp"
#include "http/views.hpp"

using namespace coredepot;

namespace {

http::Response detail(core::Coredumps& coredumps, const http::Request& request) {
    const auto device_id = request.id_parameter("device_id", "Device");
    return http::to_response(coredumps.find(device_id, request.id_parameter("id", "Coredump")));
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-detail", db::Mode::ReadOnly);
        db::Devices devices(database);
        db::Coredumps rows(database);
        core::Coredumps coredumps(devices, rows, core::DumpFiles(std::nullopt));
        serve(
            {{http::Endpoint::GetCoredump,
              [&](const http::Request& request) { return detail(coredumps, request); }},
             {http::Endpoint::FindCoredump,
              [&](const http::Request& request) {
                  return http::to_response(coredumps.find(request.id_parameter("id", "Coredump")));
              }}},
            core::client_registry(devices));
    });
}
