#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace coredepot::os {

/// How far long work is, for whoever watches it on a terminal: a line on standard error that is
/// written over, "12,000 of 1,000,000 core dumps", also by whatever else is written there. Silent
/// where that is no terminal.
class Progress {
  public:
    /// Whether there is a terminal to show it on.
    static bool is_watched();

    /// `what`: of which things; `of`: about how many there are, if that is known.
    Progress(std::string what, std::optional<std::uint64_t> of);
    /// The line goes.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Cheap enough for each single thing.
    void done(std::uint64_t count);

  private:
    std::string what_;
    std::optional<std::uint64_t> of_;
    bool is_watched_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace coredepot::os
