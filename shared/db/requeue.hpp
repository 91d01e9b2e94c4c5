#pragma once

#include <cstdint>
#include <optional>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// Selects core dumps that meet all of these conditions.
struct CoredumpFilter {
    std::optional<ParseStatus> status;
    std::optional<std::int64_t> device_model_id;
    std::optional<FirmwareVersion> firmware_version;
};

/// Puts core dumps back into the parse queue, as if they had just been uploaded: PENDING, due now,
/// with all attempts left. A core dump that is being parsed loses its lease, so that parse records
/// nothing. All throw Unavailable.
///
/// Large numbers go in thousands, each in its own transaction. Rows that another transaction holds
/// (a deletion, a claim) are skipped, because uploads must never wait for this or lose a deadlock
/// to it.
class Requeue {
  public:
    explicit Requeue(Database& database) : database_(database) {}

    /// Returns it as it is then, before any runner can claim it. Empty when the device has no such
    /// core dump, or when retention has removed its file.
    std::optional<CoredumpDetail> one(std::int64_t device_id, std::int64_t id);
    /// Returns how many there were.
    std::int64_t matching(const CoredumpFilter& filter);
    /// Those that ended in ERROR for want of a bundle that exists now, of one model or of all.
    /// Returns how many.
    std::int64_t whose_firmware_arrived(std::optional<std::int64_t> device_model_id);
    /// How many such core dumps there are.
    std::int64_t count_whose_firmware_arrived();
    /// Those that ended in ERROR for want of the ELF with this SHA-256, which is kept although
    /// another build of its version has replaced it. Returns how many.
    std::int64_t whose_elf_arrived(std::int64_t device_model_id, const std::string& elf_sha256);

  private:
    Database& database_;
};

}  // namespace coredepot::db
