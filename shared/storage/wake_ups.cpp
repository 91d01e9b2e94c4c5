#include "storage/wake_ups.hpp"

#include "os/files.hpp"
#include "os/removal.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

void WakeUps::want_parse() const noexcept {
    os::touch(folder_ / layout::kParseWanted);
}

bool WakeUps::take_parse_wanted() const noexcept {
    return take(layout::kParseWanted);
}

void WakeUps::want_alerts() const noexcept {
    os::touch(folder_ / layout::kAlertsWanted);
}

bool WakeUps::take_alerts_wanted() const noexcept {
    return take(layout::kAlertsWanted);
}

bool WakeUps::take(std::string_view wanted) const noexcept {
    const auto file = folder_ / wanted;
    std::error_code error;
    return fs::exists(fs::symlink_status(file, error)) && os::remove_file(file);
}

std::optional<WakeUps> wake_ups(const std::optional<fs::path>& state_dir) {
    if (!state_dir) return std::nullopt;
    return WakeUps(*state_dir);
}

}  // namespace coredepot::storage
