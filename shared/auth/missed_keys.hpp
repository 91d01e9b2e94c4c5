#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "domain/time.hpp"

namespace coredepot::auth {

/// Names of keys that the issuer was asked for in vain, so that a client that comes again and again
/// with one of them does not use up the questions that others need. Each for itself: in vain for
/// one says nothing of another.
class MissedKeys {
  public:
    void add(const std::string& key_id, Timestamp now);
    /// How long to wait before it is asked for again; zero: it may be.
    std::chrono::microseconds wait(const std::string& key_id, Timestamp now) const;

    static constexpr std::chrono::seconds kPause{5};
    /// More than the questions of a pause are (Asked).
    static constexpr std::size_t kMost = 16;

  private:
    struct Entry {
        std::string name;  ///< SHA-256: names are as long as clients like
        Timestamp asked;
    };
    std::deque<Entry> entries_;
};

}  // namespace coredepot::auth
