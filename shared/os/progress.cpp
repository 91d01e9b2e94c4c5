#include "os/progress.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include <unistd.h>

#include "text/integers.hpp"

namespace coredepot::os {
namespace {

/// Erases from the cursor to the end of the line. The cursor is at the start of the line.
constexpr const char* kErase = "\033[K";

}  // namespace

Progress::Progress(std::string what, std::optional<std::uint64_t> of)
    : what_(std::move(what)), of_(of), is_watched_(is_watched()) {}

bool Progress::is_watched() {
    return ::isatty(STDERR_FILENO) == 1;
}

void Progress::done(std::uint64_t count) {
    constexpr std::chrono::milliseconds kPause(200);
    if (!is_watched_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kPause;
    shown_ = true;
    std::cerr << kErase << with_thousands(count)
              << (of_ ? " of " + with_thousands(std::max(*of_, count)) : "") << ' ' << what_ << '\r'
              << std::flush;
}

Progress::~Progress() {
    if (shown_) std::cerr << kErase << std::flush;
}

}  // namespace coredepot::os
