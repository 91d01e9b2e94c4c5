#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "domain/time.hpp"

namespace coredepot::auth {

/// Names of keys that the issuer did not have when it was asked. A client that keeps coming with
/// such a key must not use up the questions that others need. Each name counts for itself.
class MissedKeys {
  public:
    void add(const std::string& key_id, Timestamp now);
    /// How long to wait before asking for it again; zero: it may be asked for now.
    std::chrono::microseconds wait(const std::string& key_id, Timestamp now) const;

    static constexpr std::chrono::seconds kPause{5};
    /// More than the questions that are possible within a pause (Asked).
    static constexpr std::size_t kMost = 16;

  private:
    struct Entry {
        std::string name;  ///< a SHA-256, because clients choose the length of a name
        Timestamp asked;
    };
    std::deque<Entry> entries_;
};

}  // namespace coredepot::auth
