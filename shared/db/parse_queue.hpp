#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// A core dump that this process has leased.
struct Claim {
    std::int64_t coredump_id = 0;
    std::string lease;  ///< a UUID that names this claim
    int attempt = 0;    ///< 1 for the first; an attempt whose runner was lost is repeated
    /// 0: no runner was lost while it held this core dump. 1: one was, but it may have been parsing
    /// others, too. Each further runner that was lost after parse_alone() adds one.
    int suspicion = 0;
    DeviceKey device_key;
    std::int64_t device_model_id = 0;
    ModelCode model_code;
    std::int64_t firmware_revision = 0;  ///< how many uploads of firmware the model had had
    DumpFilename filename;
    Chip chip;
    FirmwareVersion firmware_version;
    std::optional<std::string> signature_rules{};  ///< its model's, as JSON; empty: none
    std::int64_t signature_rules_revision = 0;     ///< of the rules; 0: there are none
    bool is_here = false;  ///< its file is in this process's store; otherwise its place is unknown
    std::optional<std::string> object{};  ///< see DumpFile
};

/// A core dump whose row says that its file is in another store.
struct WaitingElsewhere {
    std::int64_t coredump_id = 0;
    DeviceKey device_key;
    DumpFilename filename;
};

/// The result of recording that a core dump's firmware is missing.
enum class WantOutcome : std::uint8_t {
    Recorded,
    Kept,     ///< an earlier parse gave it a good result, so it is PARSED with that again
    Arrived,  ///< firmware was uploaded since the claim, so it is back in the queue
    Lost,     ///< the lease is lost or the dump is gone
};

/// The rows that are PENDING and due. Each change is one statement in its own transaction, and
/// after the claim each names the lease. So a claim that has lost its lease changes nothing, and
/// neither does one whose core dump was deleted. All throw Unavailable.
class ParseQueue {
  public:
    explicit ParseQueue(Database& database) : database_(database) {}

    /// Whether core dumps in the bucket may be claimed. Only processes that can reach the bucket
    /// may.
    enum class Objects : std::uint8_t { Not, Too };

    /// Leases the row that has been due longest and starts an attempt. Empty when none is due.
    /// Skips rows that another process is claiming right now, and rows of other stores
    /// (Database::set_store()).
    std::optional<Claim> claim(std::chrono::seconds lease, Objects objects = Objects::Not);
    /// Whether there is a row to claim, or one that somebody is claiming. It only looks into an
    /// index.
    bool is_due(Objects objects = Objects::Not);

    /// From each other store at most 100 that have been due for that long, the oldest first. Either
    /// that store's runners are away, or its folder is here now under another name.
    std::vector<WaitingElsewhere> waiting_elsewhere(std::chrono::seconds since);
    /// Records that their files are in this process's store.
    void take_over(const std::vector<std::int64_t>& coredumps);

    /// Makes rows due that are due later than `longest` from now, because a clock was ahead when
    /// they were recorded. A lease lasts no longer than `lease` from now. Returns how many rows
    /// changed.
    std::int64_t bring_forward(std::chrono::seconds longest, std::chrono::seconds lease);

    /// All of the following return false when the lease is lost or the core dump is gone.
    bool renew(const Claim& claim, std::chrono::seconds lease);
    /// Renews the lease and records that this process parses nothing else from now on. If the
    /// process is lost, it was because of this core dump.
    bool parse_alone(const Claim& claim, std::chrono::seconds lease);
    /// Also counts the crash, in the same transaction. Works even if the model's signature rules
    /// have changed since the claim: then release() has it parsed again. `decoded_with`: the
    /// version of the bundle whose ELF was used; empty: unknown.
    bool record_parsed(const Claim& claim, const CrashReport& report,
                       const std::optional<FirmwareVersion>& decoded_with = std::nullopt);
    /// `attempted` false: the attempt that the claim started does not count.
    bool record_error(const Claim& claim, const std::string& output, bool attempted);
    /// ERROR for want of firmware; the attempt does not count. A bundle that arrives later puts the
    /// core dump back into the queue: a bundle of its version or, if known, one whose ELF's SHA-256
    /// starts with `awaits_elf` (hex). A bundle that arrived while we looked is not missed. If the
    /// core dump was parsed before, it keeps that result, and `output` becomes its last error.
    WantOutcome record_want(const Claim& claim, const std::string& output,
                            const std::optional<std::string>& awaits_elf);
    /// Puts it back into the queue, due after `pause`. It is no longer suspected, because we have
    /// survived it.
    bool record_failure(const Claim& claim, const std::string& error, std::chrono::seconds pause);
    /// Puts it back into the queue at once, as if it had not been claimed.
    bool release(const Claim& claim);

  private:
    Database& database_;
};

}  // namespace coredepot::db
