// GET /api/devices/{device_id}/coredumps/{id}/download

#include "core/coredumps/coredumps.hpp"
#include "core/lookup.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

http::Response download(core::Coredumps& coredumps, const http::Request& request) {
    const auto device_id = request.id_parameter("device_id", "Device");
    const auto id = request.id_parameter("id", "Coredump");
    auto file = coredumps.locate(device_id, id, request.method);
    if (!file.object) {
        return http::file_response(
            {"/_internal/coredumps/" + file.relative_path, file.filename.str(), ""});
    }
    auto& object = *file.object;
    return http::file_response(
        {"/_internal/objects/coredumps", file.filename.str(), "",
         http::FileResponse::Source{std::move(object.url), std::move(object.host),
                                    std::move(object.name)}});
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-download", db::Mode::ReadOnly);
        db::Devices devices(database);
        db::Coredumps rows(database);
        core::Coredumps coredumps(devices, rows, core::dump_files(config, &serve.counters()));
        serve({{http::Endpoint::DownloadCoredump,
                [&](const http::Request& request) { return download(coredumps, request); }}},
              core::client_registry(devices));
    });
}
