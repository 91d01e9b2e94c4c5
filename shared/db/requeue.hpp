#pragma once

#include <cstdint>
#include <optional>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// Which core dumps: those that all of these are true of.
struct CoredumpFilter {
    std::optional<ParseStatus> status;
    std::optional<std::int64_t> device_model_id;
    std::optional<FirmwareVersion> firmware_version;
};

/// Puts core dumps back into the parse queue, as if they had just been uploaded: PENDING, due now,
/// all attempts ahead. Of one that is being parsed the lease goes, so that nothing comes of it. All
/// throw Unavailable.
///
/// Where it is many, they go by thousands, each in a transaction of its own; rows that another
/// transaction holds at that moment (a deletion, a claim) are passed over, because uploads must
/// never wait for this, nor be the one that a deadlock ends.
class Requeue {
  public:
    explicit Requeue(Database& database) : database_(database) {}

    /// False when the device has no such dump.
    bool one(std::int64_t device_id, std::int64_t id);
    /// Returns how many.
    std::int64_t matching(const CoredumpFilter& filter);
    /// Those that ended in ERROR for want of a bundle that is there now; of one model, or of all.
    /// Returns how many.
    std::int64_t whose_firmware_arrived(std::optional<std::int64_t> device_model_id);
    /// How many there are of those.
    std::int64_t count_whose_firmware_arrived();
    /// Those that ended so for want of this ELF, by its SHA-256, where it is kept for a build that
    /// another one of its version has replaced. Returns how many.
    std::int64_t whose_elf_arrived(std::int64_t device_model_id, const std::string& elf_sha256);

  private:
    Database& database_;
};

}  // namespace coredepot::db
