#include "core/health/bucket_spool_watch.hpp"

#include <algorithm>
#include <string>

#include "core/object_store.hpp"
#include "log.hpp"
#include "objects/dump_keys.hpp"

namespace coredepot::core {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kSpoolPause{30};
constexpr std::chrono::seconds kSpoolPatience{1};  ///< for one request
constexpr std::chrono::seconds kMostListing{2};    ///< after that, no further page

}  // namespace

BucketSpoolWatch::BucketSpoolWatch(const Config& config, metrics::Counters& counters)
    : bucket_(open_bucket(config, counters, kSpoolPatience)) {}

std::optional<metrics::BucketSpoolGauges> BucketSpoolWatch::gauges() {
    if (!bucket_) return std::nullopt;
    if (steady_clock::now() >= next_look_) {
        try {
            found_ = look();
        } catch (const std::exception& error) {
            found_.reset();
            log::warning("cannot see what waits in the bucket", {{"error", error.what()}});
        }
        next_look_ = steady_clock::now() + kSpoolPause;
    }
    if (!found_) return std::nullopt;
    // The store's clock may be ahead of this one.
    const auto age = found_->oldest ? now() - *found_->oldest : Timestamp::duration(0);
    return metrics::BucketSpoolGauges{
        found_->objects, found_->bytes,
        std::chrono::duration_cast<std::chrono::seconds>(std::max(age, Timestamp::duration(0)))};
}

BucketSpoolWatch::Found BucketSpoolWatch::look() {
    Found found;
    std::size_t pages = 0;
    const auto end = steady_clock::now() + kMostListing;
    bucket_->for_each_page(
        std::string(objects::keys::kSpool), [&](const auto& page, const auto& /*after*/) {
            for (const auto& object : page.objects) {
                ++found.objects;
                found.bytes += object.size;
                found.oldest =
                    std::min(found.oldest.value_or(object.last_modified), object.last_modified);
            }
            return ++pages < kMostPages && steady_clock::now() < end;
        });
    return found;
}

}  // namespace coredepot::core
