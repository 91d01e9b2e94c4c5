#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace coredepot::os {

/// Shows people at a terminal how far a long task is: one line on standard error, "12,000 of
/// 1,000,000 core dumps", that is written over again and again. Other output there overwrites it,
/// too. Silent when standard error is not a terminal.
class Progress {
  public:
    /// Whether there is a terminal to show progress on.
    static bool is_watched();

    /// `what` is counted, such as "core dumps"; `of` is about how many there are, if known.
    Progress(std::string what, std::optional<std::uint64_t> of);
    /// Erases the line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Cheap enough to call for every item.
    void done(std::uint64_t count);

  private:
    std::string what_;
    std::optional<std::uint64_t> of_;
    bool is_watched_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace coredepot::os
