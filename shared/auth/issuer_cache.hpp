#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "auth/asked.hpp"
#include "domain/time.hpp"
#include "os/descriptor.hpp"

namespace coredepot::auth {

/// What an issuer said, such as its keys, on disk for all processes of this machine; it outlives
/// them. Two files: the answer, replaced atomically and read without a lock; and a lock file that
/// the one who asks the issuer holds, whose content is how it was asked so far.
class IssuerCache {
  public:
    struct Entry {
        std::string answer;
        Timestamp fetched_at;
    };

    /// The right to ask the issuer; one process has it at a time, also when it is killed.
    class Turn {
      public:
        /// What record() wrote last; nothing asked when that is not known.
        Asked asked() const;
        void record(const Asked& asked) const;

      private:
        friend class IssuerCache;
        explicit Turn(os::Descriptor file) : file_(std::move(file)) {}
        os::Descriptor file_;  ///< none when there is no lock to be had
    };

    /// `folder` has to be there, and nobody else may write to it. `kind` of answer is part of the
    /// files' names.
    IssuerCache(const std::filesystem::path& folder, const std::string& kind,
                const std::string& issuer);

    /// What is on disk, if it is another than this object read last; empty when it is not, when
    /// there is none, or when it is not what store() wrote (logged).
    std::optional<Entry> read_changed();
    /// Best effort: a failure is logged.
    void store(const Entry& entry) const noexcept;

    /// Empty when another process has the turn and keeps it for longer than `patience`. On a disk
    /// that refuses everybody gets one.
    std::optional<Turn> take_turn(std::chrono::milliseconds patience) const;

    /// What the one who has the turn, or had it last, wrote of it.
    Asked asked() const;

  private:
    std::optional<Entry> parse(const std::string& text) const;

    std::string issuer_;
    std::filesystem::path answer_;
    std::filesystem::path lock_;
    /// Of the file read last: replacing makes another.
    struct Version {
        std::uint64_t inode = 0;
        std::int64_t changed_seconds = 0;
        std::int64_t changed_nanoseconds = 0;
        bool operator==(const Version&) const = default;
    };
    Version seen_;
};

}  // namespace coredepot::auth
