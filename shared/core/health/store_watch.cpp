#include "core/health/store_watch.hpp"

#include "core/object_store.hpp"
#include "log.hpp"

namespace coredepot::core {
namespace {

constexpr std::chrono::seconds kBetweenLooks{10};
constexpr std::chrono::seconds kPatience{1};

}  // namespace

StoreWatch::StoreWatch(const Config& config, metrics::Counters& counters)
    : bucket_(open_bucket(config, counters, kPatience)) {}

Health::Store StoreWatch::state() {
    const auto now = std::chrono::steady_clock::now();
    if (!bucket_ || now < next_look_) return state_;
    const auto before = state_;
    try {
        bucket_->list("", "", 1);
        state_ = Health::Store::Ok;
    } catch (const std::exception& error) {
        state_ = Health::Store::Unavailable;
        if (before != state_) {
            log::error("the object store is not available", {{"error", error.what()}});
        }
    }
    if (before == Health::Store::Unavailable && state_ == Health::Store::Ok) {
        log::info("the object store is available again");
    }
    next_look_ = std::chrono::steady_clock::now() + kBetweenLooks;
    return state_;
}

}  // namespace coredepot::core
