#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// A core dump that is leased to this process until the lease ends.
struct Claim {
    std::int64_t coredump_id = 0;
    std::string lease;  ///< UUID that names this claim
    int attempt = 0;    ///< 1 for the first; one whose runner was lost is made again
    /// 0: no runner that had its lease was lost. 1: one was, which may have parsed others, too. One
    /// more for each that was lost after parse_alone().
    int suspicion = 0;
    DeviceKey device_key;
    std::int64_t device_model_id = 0;
    ModelCode model_code;
    std::int64_t firmware_revision = 0;  ///< how many uploads of firmware the model had seen
    DumpFilename filename;
    Chip chip;
    FirmwareVersion firmware_version;
    std::optional<std::string> signature_rules{};  ///< of its model, as JSON; empty: there are none
    std::int64_t signature_rules_revision = 0;     ///< of these; 0: there are none
    bool is_here = false;  ///< its file is in this process's store; else nobody knows where it is
    std::optional<std::string> object{};  ///< see DumpFile
};

/// A core dump whose file is in another store than this process's, as its row says.
struct WaitingElsewhere {
    std::int64_t coredump_id = 0;
    DeviceKey device_key;
    DumpFilename filename;
};

/// What came of recording that a core dump's firmware is not there.
enum class WantOutcome : std::uint8_t {
    Recorded,
    Kept,     ///< it has a good result of before, and is PARSED again with that
    Arrived,  ///< firmware was uploaded since the claim: the dump is back in the queue
    Lost,     ///< the lease is lost or the dump is gone
};

/// The rows that are PENDING and due. Each change is one statement in a transaction of its own, and
/// each after the claim names the lease: a claim that lost its lease changes nothing, and neither
/// does one whose dump was deleted meanwhile. All throw Unavailable.
class ParseQueue {
  public:
    explicit ParseQueue(Database& database) : database_(database) {}

    /// Whether what is in the bucket may be claimed: by those who get at it.
    enum class Objects : std::uint8_t { Not, Too };

    /// Leases the row that has been due longest and starts an attempt on it. Empty when none is
    /// due. Rows that another process is claiming at this moment are passed over, and so are those
    /// of other stores (Database::set_store()).
    std::optional<Claim> claim(std::chrono::seconds lease, Objects objects = Objects::Not);
    /// Whether there is one to claim, or somebody is claiming it: a look into an index.
    bool is_due(Objects objects = Objects::Not);

    /// Of each other store at most 100 that have been due for so long, the oldest first: those
    /// whose runners are away, or whose folder is here now and has another name.
    std::vector<WaitingElsewhere> waiting_elsewhere(std::chrono::seconds since);
    /// Their files are in this process's store.
    void take_over(const std::vector<std::int64_t>& coredumps);

    /// Makes due what is due further ahead than `longest`, by a clock that was ahead when it was
    /// written down; who has a lease keeps it for so long. Returns how many there were.
    std::int64_t bring_forward(std::chrono::seconds longest, std::chrono::seconds lease);

    /// Each of these is false when the lease is lost or the dump is gone.
    bool renew(const Claim& claim, std::chrono::seconds lease);
    /// Renews it, and writes down that nothing else is parsed by this process from now on: should
    /// it be lost, it was this core dump.
    bool parse_alone(const Claim& claim, std::chrono::seconds lease);
    /// Also when the model has other signature rules than the claim: release() has it parsed again.
    /// Counts the crash, too, in the same transaction. `decoded_with`: the version of the bundle
    /// whose ELF was used; empty: it is not known.
    bool record_parsed(const Claim& claim, const CrashReport& report,
                       const std::optional<FirmwareVersion>& decoded_with = std::nullopt);
    /// `attempted`: false takes the attempt that the claim started back.
    bool record_error(const Claim& claim, const std::string& output, bool attempted);
    /// ERROR for want of firmware, and no attempt: a bundle that arrives later puts it back, one of
    /// its version or, if that is known, one whose ELF's SHA-256 starts with `awaits_elf` (hex). A
    /// bundle that arrived while we looked is not missed. A core dump that was parsed before keeps
    /// that result, and `output` is its last error.
    WantOutcome record_want(const Claim& claim, const std::string& output,
                            const std::optional<std::string>& awaits_elf);
    /// Back to the queue: due again after `pause`, and not suspected any more: we have survived it.
    bool record_failure(const Claim& claim, const std::string& error, std::chrono::seconds pause);
    /// Back to the queue at once, as if it had not been claimed.
    bool release(const Claim& claim);

  private:
    Database& database_;
};

}  // namespace coredepot::db
