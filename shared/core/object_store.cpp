#include "core/object_store.hpp"

namespace coredepot::core {
namespace {

/// Whether both sides have the same names in the same order.
constexpr bool names_agree() {
    for (std::size_t i = 0; i < metrics::kStoreOperations.size(); ++i) {
        if (objects::to_string(static_cast<objects::Operation>(i)) !=
            metrics::kStoreOperations.at(i)) {
            return false;
        }
    }
    return true;
}
static_assert(names_agree());
static_assert(static_cast<std::size_t>(objects::Outcome::InDoubt) + 1 ==
              metrics::kStoreOutcomes.size());

}  // namespace

objects::Observer store_observer(metrics::Counters& counters) {
    return [&counters](objects::Operation operation, objects::Outcome outcome,
                       std::chrono::microseconds took) {
        counters.record_store(static_cast<std::size_t>(operation),
                              static_cast<std::size_t>(outcome), took);
    };
}

std::optional<objects::Bucket> open_bucket(const Config& config, metrics::Counters& counters,
                                           std::optional<std::chrono::seconds> patience) {
    if (!config.s3) return std::nullopt;
    auto s3 = *config.s3;
    if (patience) s3.timeout = *patience;
    return objects::Bucket(s3, store_observer(counters));
}

}  // namespace coredepot::core
