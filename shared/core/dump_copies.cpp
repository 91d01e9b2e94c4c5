#include "core/dump_copies.hpp"

#include "objects/dump_keys.hpp"
#include "sha256.hpp"

namespace coredepot::core {
namespace {

bool names(const db::DumpMoves::Row& row, const DumpFile& copy) {
    if (copy.object) return row.object == copy.object;
    return !row.object && row.is_here;
}

/// Whether these bytes belong to that object and to the row.
bool are_of(const std::optional<std::string>& bytes, const db::DumpMoves::Row& row,
            const std::string& object) {
    const auto key = objects::keys::parse_coredump(object);
    if (!bytes || !key) return false;
    const auto sha256 = sha256_hex(*bytes);
    return sha256.starts_with(key->hash) && (row.sha256.empty() || row.sha256 == sha256);
}

}  // namespace

bool DumpCopies::remove_unless_named(const DeviceKey& device, const DumpFile& copy) {
    bool removed = false;
    rows_.with_row(device, copy.filename, [&](const Row& row) {
        removed = !(row && names(*row, copy)) && files_.remove(device, copy);
    });
    return removed;
}

bool DumpCopies::is_surplus(const DeviceKey& device, const DumpFile& copy) {
    return is_surplus(rows_.row(device, copy.filename), device, copy);
}

bool DumpCopies::remove_surplus(const DeviceKey& device, const DumpFile& copy) {
    bool removed = false;
    rows_.with_row(device, copy.filename, [&](const Row& row) {
        removed = is_surplus(row, device, copy) && files_.remove(device, copy);
    });
    return removed;
}

bool DumpCopies::is_surplus(const Row& row, const DeviceKey& device, const DumpFile& copy) const {
    if (!row || names(*row, copy)) return false;
    if (row->has_expired) return true;
    if (copy.object) {
        if (row->object || !row->is_here) return false;
        return are_of(files_.read(device, {copy.filename, std::nullopt}), *row, *copy.object);
    }
    return row->object && are_of(files_.read(device, copy), *row, *row->object) &&
           files_.bucket().head(*row->object).has_value();
}

bool DumpCopies::point_to_object(const DeviceKey& device, const DumpFile& copy) {
    const auto row = rows_.row(device, copy.filename);
    if (!row || row->object || !row->is_here || row->has_expired || !copy.object) return false;
    if (files_.folder() && files_.folder()->exists(device, copy.filename)) return false;
    if (!are_of(files_.read(device, copy), *row, *copy.object)) return false;
    return rows_.point(row->id, std::nullopt, copy.object, [&] { files_.require(device, copy); });
}

}  // namespace coredepot::core
