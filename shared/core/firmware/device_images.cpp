#include "core/firmware/device_images.hpp"

#include <utility>

#include "core/lookup.hpp"

namespace coredepot::core {
namespace {

/// Files are in place before the version is committed. Until that has had time to finish, do not
/// remember what was found.
constexpr std::chrono::seconds kSettled{2};

}  // namespace

DeviceImages::DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                           storage::FirmwareStore store)
    : DeviceImages(devices, downloads, std::move(store), Clocks()) {}

DeviceImages::DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                           storage::FirmwareStore store, Clocks clocks)
    : devices_(devices),
      downloads_(downloads),
      store_(std::move(store)),
      clocks_(std::move(clocks)) {}

DeviceImages::Found DeviceImages::current(const DeviceReference& reference) {
    const auto asked_at = clocks_.steady();
    const auto device = require_device(devices_, reference);
    // Read the stamp first: anything published after this gets another one.
    const auto published = store_.published(device.model_code);
    Found found{device.model_code, downloads_.current(device.model_code, device.firmware_version)};
    const auto changed_at =
        Timestamp(std::chrono::floor<Timestamp::duration>(published.changed_at));
    if (changed_at <= clocks_.system() - kSettled) {
        remember(reference.key, {found, published, asked_at});
    }
    return found;
}

DeviceImages::Found DeviceImages::recent(const DeviceReference& reference) {
    const auto known = known_.find(reference.key);
    if (known == known_.end() || !is_fresh(known->second)) return current(reference);
    require_same_model(known->second.found.model, reference);
    return known->second.found;
}

bool DeviceImages::is_fresh(const Known& known) const {
    return clocks_.steady() - known.asked_at < kMaxAge &&
           store_.published(known.found.model) == known.published;
}

void DeviceImages::remember(const std::string& key, Known known) {
    // Drop all at once: devices that are still active come back soon.
    if (known_.size() >= kMost) known_.clear();
    known_.insert_or_assign(key, std::move(known));
}

}  // namespace coredepot::core
