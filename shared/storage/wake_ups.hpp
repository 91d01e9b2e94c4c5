#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace coredepot::storage {

/// Wakes the runners of this machine with a file in STATE_DIR for each. A path unit starts the
/// runner as long as its file exists. (A unit that waits for changes would miss those while the
/// service ends.) Best effort: the timer finds what nobody announced, and so do runners of other
/// machines.
class WakeUps {
  public:
    explicit WakeUps(std::filesystem::path state_dir) : folder_(std::move(state_dir)) {}

    /// There is something to parse, new or again.
    void want_parse() const noexcept;
    /// Whether somebody called want_parse(). Resets that. Call it before you look at the queue, so
    /// that you miss nothing.
    bool take_parse_wanted() const noexcept;
    /// The same for notify_runner: there is something to tell.
    void want_alerts() const noexcept;
    bool take_alerts_wanted() const noexcept;

  private:
    bool take(std::string_view wanted) const noexcept;

    std::filesystem::path folder_;
};

/// The configured folder's; empty when there is none, and then nobody is woken.
std::optional<WakeUps> wake_ups(const std::optional<std::filesystem::path>& state_dir);

}  // namespace coredepot::storage
