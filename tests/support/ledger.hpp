#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/fleet.hpp"

namespace coredepot::test {

/// Core dumps that devices sent while things broke, and what they were told: to be compared with
/// what is there afterwards. No two of them have the same bytes. For several threads.
class Ledger {
  public:
    /// Sends one more core dump over a connection of its own, once, as devices do. Returns the
    /// status that was answered; 0: the connection ended without an answer.
    int upload(const std::string& base_url, const FleetDevice& device);

    struct Tally {
        std::size_t stored = 0;      ///< answered 201
        std::size_t spooled = 0;     ///< answered 202
        std::size_t refused = 0;     ///< answered anything else
        std::size_t unanswered = 0;  ///< may be there, or not
        std::size_t accepted() const { return stored + spooled; }
        std::size_t sent() const { return accepted() + refused + unanswered; }
    };
    Tally tally() const;

    /// Whether all that was answered 2xx is a row with a file of just its bytes in `coredumps_dir`,
    /// and nothing of its devices is there twice, or without having been sent.
    testing::AssertionResult is_kept(const std::filesystem::path& coredumps_dir) const;

    /// The core dumps accepted so far: `device key/filename`, and its number for bytes_of().
    std::map<std::string, std::size_t> accepted() const;
    static std::string bytes_of(std::size_t number);
    /// Whether these are all the bytes of one of them.
    static bool is_whole(const std::string& bytes);

  private:
    mutable std::mutex mutex_;
    std::size_t next_ = 0;
    std::set<std::string> devices_;
    Tally tally_;
    std::map<std::string, std::size_t> accepted_;
};

/// For people who read the output of a test.
std::ostream& operator<<(std::ostream& out, const Ledger::Tally& tally);

}  // namespace coredepot::test
