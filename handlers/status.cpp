// GET /health and /metrics: for load balancers, sysadmins and Prometheus.

#include <algorithm>

#include "auth/cache_folder.hpp"
#include "auth/issuer_keys.hpp"
#include "core/forgotten_database.hpp"
#include "core/health/gauges.hpp"
#include "core/health/health.hpp"
#include "domain/time.hpp"
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

const char* text_of(core::Health::Tokens tokens) {
    switch (tokens) {
        case core::Health::Tokens::NotChecked:
            return "not checked";
        case core::Health::Tokens::Ok:
            return "ok";
        case core::Health::Tokens::OldKeys:
            return "old keys";
        case core::Health::Tokens::NoKeys:
            break;
    }
    return "no keys";
}

using Keys = std::optional<auth::IssuerKeys>;

/// A balancer asks every second and does not wait for an identity provider that is slow: that is
/// asked only where nothing can be done without it.
core::Health::Tokens state_of(Keys& keys) {
    using Tokens = core::Health::Tokens;
    if (!keys) return Tokens::NotChecked;
    const auto state = keys->state(auth::IssuerKeys::Asking::InNeed);
    if (state.keys == 0) return Tokens::NoKeys;
    return state.answers ? Tokens::Ok : Tokens::OldKeys;
}

std::optional<metrics::IssuerKeysGauges> gauges_of(Keys& keys) {
    if (!keys) return std::nullopt;
    const auto state = keys->state(auth::IssuerKeys::Asking::WhenOld);
    metrics::IssuerKeysGauges gauges{state.keys, std::nullopt};
    if (state.fetched_at) {
        gauges.age = std::max(std::chrono::microseconds(0),
                              std::chrono::microseconds(now() - *state.fetched_at));
    }
    return gauges;
}

const char* text_of_database(const core::Health& health) {
    if (!health.database) return "unavailable";
    return health.forgotten ? "empty" : "ok";
}

/// For everybody to see: words, and no path, address or figure.
http::Response health(db::Database& database, const Config& config, Keys& keys) {
    const auto health = core::check_health(database, config, state_of(keys));
    json::Writer writer;
    writer.begin_object()
        .member("status", text_of(health.status))
        .member("database", text_of_database(health))
        .member("coredumps_dir", text_of(health.coredumps_dir))
        .member("spool", text_of(health.spool))
        .member("quarantine", health.quarantine ? "occupied" : "empty")
        .member("assets_dir", text_of(health.assets_dir))
        .member("tokens", text_of(health.tokens))
        .member("sidecar", config.parses() ? "configured" : "not configured")
        .member("version", COREDEPOT_VERSION);
    if (health.forgotten) writer.member("advice", core::ForgottenDatabase::kWhatToDo);
    writer.end_object();
    const bool usable = health.status != core::Health::Status::Unavailable;
    auto response = http::json_response(usable ? 200 : 503, writer);
    if (!usable) response.headers.emplace_back("Retry-After", "5");
    return response;
}

http::Response metrics_page(db::Database& database, const Config& config,
                            const metrics::Counters& counters, Keys& keys) {
    auto gauges = core::measure(database, config);
    gauges.issuer_keys = gauges_of(keys);
    return {200, {{"Content-Type", metrics::kContentType}}, metrics::exposition(counters, gauges)};
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        // Prometheus gives up after 10 seconds.
        constexpr std::chrono::seconds kPatience{4};
        db::Database database(config.database_url, "coredepot-status", db::Mode::ReadOnly,
                              kPatience);
        Keys keys;
        if (config.oidc) {
            keys.emplace(config.oidc->issuer_url, auth::cache_folder(*config.oidc), now,
                         config.oidc->ca_file);
        }
        serve({{http::Endpoint::Health,
                [&](const http::Request&) { return health(database, config, keys); }},
               {http::Endpoint::Metrics, [&](const http::Request&) {
                    return metrics_page(database, config, serve.counters(), keys);
                }}});
    });
}
