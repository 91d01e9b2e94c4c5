#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/dump_copies.hpp"
#include "core/moving/move_result.hpp"
#include "db/dump_moves.hpp"

namespace coredepot::core {

/// Moves core dumps from the folder into the bucket, or back, while everything runs. Of each: the
/// copy, compared by SHA-256 and on stable storage; the row; and a while later, when nobody who
/// read the row before needs it any more, what it was copied from. Killed at any moment it leaves
/// at worst one that no row names, which fsck removes; run again, it goes on.
class DumpMover {
  public:
    struct Parts {
        db::DumpMoves& rows;
        const DumpFiles& files;  ///< both
        /// How long originals stay: longer than a download or a runner has between the row and the
        /// file's opening.
        std::chrono::seconds grace;
        std::function<void(std::chrono::seconds)> pause;
        std::function<bool()> stopping;             ///< asked between core dumps
        std::function<void(std::size_t)> progress;  ///< told how many were moved so far
    };
    explicit DumpMover(Parts parts)
        : parts_(std::move(parts)), copies_(parts_.rows, parts_.files) {}

    /// `from`: where they are. Throws db::Unavailable.
    MoveResult run(db::DumpMoves::From from);

  private:
    enum class Outcome : std::uint8_t { Moved, Busy, Failed };
    Outcome move(const db::DumpMoves::Dump& dump);
    storage::StoredDump copy(const db::DumpMoves::Dump& dump, const std::string& bytes,
                             std::string sha256) const;
    void remove_originals();

    Parts parts_;
    DumpCopies copies_;
    std::vector<std::pair<DeviceKey, DumpFile>> originals_;
};

}  // namespace coredepot::core
