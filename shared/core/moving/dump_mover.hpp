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

/// Moves core dumps from the folder into the bucket, or back, while everything runs. For each, it
/// makes a copy, compared by SHA-256 and on stable storage; then changes the row; and later, when
/// nobody who read the old row needs it any more, removes the original. If it is killed, the worst
/// that remains is a copy without a row, which fsck removes. The next run continues.
class DumpMover {
  public:
    struct Parts {
        db::DumpMoves& rows;
        const DumpFiles& files;  ///< must have both places
        /// How long originals stay. It is longer than a download or a runner takes from reading the
        /// row to opening the file.
        std::chrono::seconds grace;
        std::function<void(std::chrono::seconds)> pause;
        std::function<bool()> stopping;             ///< called between core dumps
        std::function<void(std::size_t)> progress;  ///< called with the number moved so far
    };
    explicit DumpMover(Parts parts)
        : parts_(std::move(parts)), copies_(parts_.rows, parts_.files) {}

    /// `from`: where they are now. Throws db::Unavailable.
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
