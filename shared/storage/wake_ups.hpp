#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace coredepot::storage {

/// What the runners of this machine are called with: a file of STATE_DIR each. A path unit starts
/// the runner while its file is there; one that waits for a change would miss what changes while
/// the service ends. Best effort: the timer finds what nobody announced, and so do the runners of
/// other machines.
class WakeUps {
  public:
    explicit WakeUps(std::filesystem::path state_dir) : folder_(std::move(state_dir)) {}

    /// There is something to parse, new or once more.
    void want_parse() const noexcept;
    /// Whether somebody said so, which is forgotten. To be asked before the queue is looked at, so
    /// that no call is missed.
    bool take_parse_wanted() const noexcept;
    /// The same for notify_runner: there is something to tell.
    void want_alerts() const noexcept;
    bool take_alerts_wanted() const noexcept;

  private:
    bool take(std::string_view wanted) const noexcept;

    std::filesystem::path folder_;
};

/// As configured: without a folder nobody is called.
std::optional<WakeUps> wake_ups(const std::optional<std::filesystem::path>& state_dir);

}  // namespace coredepot::storage
