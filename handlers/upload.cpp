// POST /api/iot/coredump

#include "core/errors.hpp"
#include "core/uploads.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

std::string read_body(const http::Request& request) {
    auto body = request.body.read(kMaxCoredumpBytes);
    if (!body) throw core::ValidationFailed("Coredump exceeds maximum size of 1MB");
    return std::move(*body);
}

http::Response upload(core::Uploads& uploads, const http::Request& request) {
    const auto accepted =
        uploads.accept(request.identity.device, request.query.get("chip"),
                       request.query.get("firmware_version"), [&] { return read_body(request); });
    json::Writer writer;
    writer.begin_object()
        .member("status", "ok")
        .member("filename", accepted.filename.str())
        .member("coredump_id", accepted.coredump_id)
        .end_object();
    return http::json_response(201, writer);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-upload", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps coredumps(database);
        core::Uploads uploads(devices, coredumps, storage::dump_store(config.coredumps_dir),
                              config.max_coredumps, serve.counters(), config.upload_limit);
        serve({{http::Endpoint::UploadCoredump,
                [&](const http::Request& request) { return upload(uploads, request); }}});
    });
}
