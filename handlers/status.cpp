// GET /health and /metrics: for load balancers, sysadmins and Prometheus.

#include <algorithm>

#include "auth/cache_folder.hpp"
#include "auth/issuer_keys.hpp"
#include "core/health/bucket_spool_watch.hpp"
#include "core/health/gauges.hpp"
#include "core/health/health.hpp"
#include "core/health/store_watch.hpp"
#include "domain/time.hpp"
#include "http/health.hpp"
#include "http/program.hpp"
#include "metrics/exposition.hpp"

using namespace coredepot;

namespace {

using Keys = std::optional<auth::IssuerKeys>;

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

http::Response metrics_page(db::Database& database, const Config& config,
                            const metrics::Counters& counters, Keys& keys, core::StoreWatch& store,
                            core::BucketSpoolWatch& spool) {
    const auto state = store.state();
    auto gauges = core::measure(database, config, state);
    // Do not wait a second time for a store that is away.
    if (state == core::Health::Store::Ok) gauges.bucket_spool = spool.gauges();
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
        core::StoreWatch store(config, serve.counters());
        core::BucketSpoolWatch spool(config, serve.counters());
        serve({{http::Endpoint::Health,
                [&](const http::Request&) {
                    return http::health_response(
                        core::check_health(database, config, http::state_of_tokens(keys),
                                           store.state()),
                        config.parses());
                }},
               {http::Endpoint::Metrics, [&](const http::Request&) {
                    return metrics_page(database, config, serve.counters(), keys, store, spool);
                }}});
    });
}
