#pragma once

#include <string>

#include "core/dump_files.hpp"
#include "db/dump_moves.hpp"

namespace coredepot::core {

/// Handles core dumps that are both in the folder and in the bucket, because they are being moved,
/// or because a move was interrupted. Removes the copy that the row does not name, while the row is
/// locked so that it cannot start to name it. All throw db::Unavailable, objects::Unavailable and
/// os::StorageError.
class DumpCopies {
  public:
    /// `files` must have both places.
    DumpCopies(db::DumpMoves& rows, const DumpFiles& files) : rows_(rows), files_(files) {}

    /// Removes `copy`, which is the caller's copy or original, unless the row names it. Without a
    /// row, it goes. False when it stays.
    bool remove_unless_named(const DeviceKey& device, const DumpFile& copy);

    /// Whether the row names the other copy, which exists and has the same bytes, or no copy any
    /// more, because the core dump has expired.
    bool is_surplus(const DeviceKey& device, const DumpFile& copy);
    /// Removes it if it is surplus; false when it stays.
    bool remove_surplus(const DeviceKey& device, const DumpFile& copy);

    /// The row's file is gone: makes the row name this object if it has the same bytes. That helps
    /// after restoring a backup from before the move. False when it does not apply.
    bool point_to_object(const DeviceKey& device, const DumpFile& copy);

  private:
    using Row = std::optional<db::DumpMoves::Row>;
    bool is_surplus(const Row& row, const DeviceKey& device, const DumpFile& copy) const;

    db::DumpMoves& rows_;
    const DumpFiles& files_;
};

}  // namespace coredepot::core
