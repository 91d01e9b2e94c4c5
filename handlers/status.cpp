// GET /health

#include <filesystem>

#include "db/database.hpp"
#include "http/program.hpp"

using namespace coredepot;

namespace {

/// `ok`, `unavailable`, `not configured`
const char* folder_state(const std::optional<std::filesystem::path>& folder) {
    if (!folder) return "not configured";
    std::error_code error;
    return std::filesystem::is_directory(*folder, error) ? "ok" : "unavailable";
}

http::Response health(db::Database& database, const Config& config) {
    const bool up = database.is_available();
    json::Writer writer;
    writer.begin_object()
        .member("status", up ? "ok" : "unavailable")
        .member("database", up ? "ok" : "unavailable")
        .member("coredumps_dir", folder_state(config.coredumps_dir))
        .member("assets_dir", folder_state(config.assets_dir))
        .member("sidecar", config.sidecar_url ? "configured" : "not configured")
        .member("version", COREDEPOT_VERSION)
        .end_object();
    auto response = http::json_response(up ? 200 : 503, writer);
    if (!up) response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        db::Database database(config.database_url, "coredepot-status", db::Mode::ReadOnly);
        serve({{http::Endpoint::Health,
                [&](const http::Request&) { return health(database, config); }}});
    });
}
