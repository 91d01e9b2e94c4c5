#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/dump_files.hpp"
#include "db/dump_moves.hpp"

namespace coredepot::core {

/// Moves core dumps from the folder into the bucket, or back, while everything runs. Of each: the
/// copy, compared by SHA-256 and on stable storage; the row; and a while later, when nobody who
/// read the row before needs it any more, what it was copied from. Killed at any moment it leaves
/// at worst a copy that no row names; run again, it goes on.
class DumpMover {
  public:
    struct Parts {
        db::DumpMoves& rows;
        const DumpFiles& files;  ///< both
        std::function<void(std::chrono::seconds)> pause;
        std::function<bool()> stopping;             ///< asked between core dumps
        std::function<void(std::size_t)> progress;  ///< told how many were moved so far
    };
    explicit DumpMover(Parts parts) : parts_(std::move(parts)) {}

    struct Result {
        std::size_t moved = 0;
        std::size_t busy = 0;    ///< in the hands of a runner, or gone meanwhile: another time
        std::size_t failed = 0;  ///< logged: no file, other bytes, or no answer
    };
    /// `from`: where they are. Throws db::Unavailable.
    Result run(db::DumpMoves::From from);

  private:
    enum class Outcome : std::uint8_t { Moved, Busy, Failed };
    Outcome move(const db::DumpMoves::Dump& dump);
    storage::StoredDump copy(const db::DumpMoves::Dump& dump, const std::string& bytes,
                             std::string sha256) const;
    void remove_originals();

    Parts parts_;
    std::vector<std::pair<DeviceKey, DumpFile>> originals_;
};

}  // namespace coredepot::core
