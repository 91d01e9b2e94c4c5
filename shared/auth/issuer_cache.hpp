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

/// Stores an issuer's answer, such as its keys, on disk for all processes of this machine. It
/// outlives them. There are two files: the answer, which is replaced atomically and read without a
/// lock, and a lock file, which the process that asks the issuer holds. The lock file's content
/// says when the issuer was asked.
class IssuerCache {
  public:
    struct Entry {
        std::string answer;
        Timestamp fetched_at;
    };

    /// The right to ask the issuer. One process at a time has it, and it ends with the process.
    class Turn {
      public:
        /// What record() wrote last. If that is unknown, the issuer counts as never asked.
        Asked asked() const;
        void record(const Asked& asked) const;

      private:
        friend class IssuerCache;
        explicit Turn(os::Descriptor file) : file_(std::move(file)) {}
        os::Descriptor file_;  ///< none when no lock could be had
    };

    /// `folder` must exist, and nobody else may write to it. `kind` of answer becomes part of the
    /// files' names.
    IssuerCache(const std::filesystem::path& folder, const std::string& kind,
                const std::string& issuer);

    /// The answer on disk if it differs from the one that this object read last. Empty when it does
    /// not, when there is none, and when it is damaged, which is logged.
    std::optional<Entry> read_changed();
    /// Best effort: a failure is logged.
    void store(const Entry& entry) const noexcept;

    /// Empty when another process keeps the turn for longer than `patience`. If the disk fails,
    /// everybody gets a turn.
    std::optional<Turn> take_turn(std::chrono::milliseconds patience) const;

    /// The record of the process that has the turn, or had it last.
    Asked asked() const;

  private:
    std::optional<Entry> parse(const std::string& text) const;

    std::string issuer_;
    std::filesystem::path answer_;
    std::filesystem::path lock_;
    /// Identifies the file that was read last; a replaced file differs.
    struct Version {
        std::uint64_t inode = 0;
        std::int64_t changed_seconds = 0;
        std::int64_t changed_nanoseconds = 0;
        bool operator==(const Version&) const = default;
    };
    Version seen_;
};

}  // namespace coredepot::auth
