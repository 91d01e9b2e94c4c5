// DELETE /api/devices/{device_id}/coredumps and …/coredumps/{id}

#include "core/coredumps/coredumps.hpp"
#include "core/lookup.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

http::Response remove(core::Coredumps& coredumps, const http::Request& request) {
    const auto device_id = request.id_parameter("device_id", "Device");
    coredumps.remove(device_id, request.id_parameter("id", "Coredump"));
    return http::no_content();
}

http::Response remove_all(core::Coredumps& coredumps, const http::Request& request) {
    coredumps.remove_all(request.id_parameter("device_id", "Device"));
    return http::no_content();
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-delete", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps rows(database);
        core::Coredumps coredumps(devices, rows, core::dump_files(config, &serve.counters()));
        serve({{http::Endpoint::DeleteCoredump,
                [&](const http::Request& request) { return remove(coredumps, request); }},
               {http::Endpoint::DeleteAllCoredumps,
                [&](const http::Request& request) { return remove_all(coredumps, request); }}},
              core::client_registry(devices));
    });
}
