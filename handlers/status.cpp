// GET /health and /metrics: for load balancers, sysadmins and Prometheus.

#include "core/gauges.hpp"
#include "core/health.hpp"
#include "http/program.hpp"
#include "metrics/exposition.hpp"

using namespace coredepot;

namespace {

const char* text_of(core::Health::Status status) {
    switch (status) {
        case core::Health::Status::Ok:
            return "ok";
        case core::Health::Status::Degraded:
            return "degraded";
        case core::Health::Status::Unavailable:
            break;
    }
    return "unavailable";
}

const char* text_of(const std::optional<storage::FolderState>& state) {
    if (!state) return "not configured";
    switch (*state) {
        case storage::FolderState::Usable:
            return "ok";
        case storage::FolderState::ReadOnly:
            return "read-only";
        case storage::FolderState::Full:
            return "full";
        case storage::FolderState::OutOfInodes:
            return "out of inodes";
        case storage::FolderState::Unavailable:
            break;
    }
    return "unavailable";
}

const char* text_of(const std::optional<core::Health::Spool>& spool) {
    if (!spool) return "not configured";
    switch (*spool) {
        case core::Health::Spool::Empty:
            return "empty";
        case core::Health::Spool::Waiting:
            return "waiting";
        case core::Health::Spool::Full:
            break;
    }
    return "full";
}

/// For everybody to see: words, and no path, address or figure.
http::Response health(db::Database& database, const Config& config) {
    const auto health = core::check_health(database, config);
    json::Writer writer;
    writer.begin_object()
        .member("status", text_of(health.status))
        .member("database", health.database ? "ok" : "unavailable")
        .member("coredumps_dir", text_of(health.coredumps_dir))
        .member("spool", text_of(health.spool))
        .member("quarantine", health.quarantine ? "occupied" : "empty")
        .member("assets_dir", text_of(health.assets_dir))
        .member("sidecar", config.parses() ? "configured" : "not configured")
        .member("version", COREDEPOT_VERSION)
        .end_object();
    const bool usable = health.status != core::Health::Status::Unavailable;
    auto response = http::json_response(usable ? 200 : 503, writer);
    if (!usable) response.headers.emplace_back("Retry-After", "5");
    return response;
}

http::Response metrics_page(db::Database& database, const Config& config,
                            const metrics::Counters& counters) {
    return {200,
            {{"Content-Type", metrics::kContentType}},
            metrics::exposition(counters, core::measure(database, config))};
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        // Prometheus gives up after 10 seconds.
        constexpr std::chrono::seconds kPatience{4};
        db::Database database(config.database_url, "coredepot-status", db::Mode::ReadOnly,
                              kPatience);
        serve({{http::Endpoint::Health,
                [&](const http::Request&) { return health(database, config); }},
               {http::Endpoint::Metrics, [&](const http::Request&) {
                    return metrics_page(database, config, serve.counters());
                }}});
    });
}
