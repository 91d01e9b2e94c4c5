#pragma once

#include <string>

#include "core/dump_files.hpp"
#include "db/dump_moves.hpp"

namespace coredepot::core {

/// Core dumps that are in the folder and in the bucket: on their way from one to the other, or
/// since somebody was killed on that way. The one that the row does not name goes, while the row is
/// locked: so nobody makes it name that one meanwhile. All throw db::Unavailable,
/// objects::Unavailable and os::StorageError.
class DumpCopies {
  public:
    /// `files`: both.
    DumpCopies(db::DumpMoves& rows, const DumpFiles& files) : rows_(rows), files_(files) {}

    /// Removes what the caller has copied, or copied from, unless the row names it. Without a row
    /// nobody does. False when it stays.
    bool remove_unless_named(const DeviceKey& device, const DumpFile& copy);

    /// Whether the row names the other one, which is there with the same bytes; or none any more,
    /// because it has expired.
    bool is_surplus(const DeviceKey& device, const DumpFile& copy);
    /// Removes it, if that is so; false when it stays.
    bool remove_surplus(const DeviceKey& device, const DumpFile& copy);

    /// Makes a row whose file is gone name this object of the same bytes, as where a backup was
    /// restored that is older than the move. False when that is not so.
    bool point_to_object(const DeviceKey& device, const DumpFile& copy);

  private:
    using Row = std::optional<db::DumpMoves::Row>;
    bool is_surplus(const Row& row, const DeviceKey& device, const DumpFile& copy) const;

    db::DumpMoves& rows_;
    const DumpFiles& files_;
};

}  // namespace coredepot::core
