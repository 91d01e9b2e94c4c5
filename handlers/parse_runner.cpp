// Brings in what was spooled, drains the parse queue, lets files expire where there is no room for
// all, counts the core dumps for /metrics, and exits when no more come in; with PARSE_WATCH a
// minute later. systemd starts it, for an upload (a path unit) and by a timer. Exit code 1 when it
// could not work.

#include "core/parsing/parse_runner.hpp"

#include <chrono>
#include <thread>

#include "config.hpp"
#include "core/firmware/bundle.hpp"
#include "core/retention/file_retention.hpp"
#include "core/uploads/spool_import.hpp"
#include "db/alert_outbox.hpp"
#include "db/hosts.hpp"
#include "db/issue_upkeep.hpp"
#include "db/signature_rules.hpp"
#include "db/statistics.hpp"
#include "log.hpp"
#include "os/host.hpp"
#include "os/stop_signal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/store_id.hpp"

using namespace coredepot;

namespace {

using Clock = std::chrono::steady_clock;

/// Sees to it that the disk does not fill, whatever else is under way.
class Sweeper {
  public:
    Sweeper(const Config& config, db::Database& database, metrics::Counters& counters)
        : rows_(database),
          dumps_(*config.coredumps_dir),
          retention_({rows_, dumps_, counters, now,
                      [folder = *config.coredumps_dir] { return storage::space_of(folder); },
                      [folder = *config.coredumps_dir] { return storage::inodes_of(folder); }},
                     config.file_limits) {}

    /// At most for a moment, every few seconds. A fleet that uploads 100 MB a second fills 500 MB
    /// meanwhile. No reason to fail.
    void sweep() {
        constexpr std::chrono::seconds kPause{5};
        constexpr std::chrono::seconds kMoment{1};
        if (Clock::now() < next_) return;
        try {
            const auto until = Clock::now() + kMoment;
            bool cut_off = false;
            retention_.sweep(
                [&] { return cut_off = os::stop_requested() || Clock::now() >= until; });
            next_ = cut_off ? Clock::now() : Clock::now() + kPause;
        } catch (const std::exception& error) {
            log::warning("cannot let files of core dumps expire", {{"error", error.what()}});
            next_ = Clock::now() + kPause;
        }
    }

  private:
    db::KeptFiles rows_;
    storage::DumpStore dumps_;
    core::FileRetention retention_;
    Clock::time_point next_ = Clock::time_point::min();
};

/// What was accepted while the database was away comes first: it came first. True when there is
/// more than could be brought in until then.
bool import_spool(const Config& config, db::Database& database, metrics::Counters& counters,
                  Sweeper& sweeper, Clock::time_point until) {
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    const storage::DumpStore dumps(*config.coredumps_dir);
    const storage::Spool spool(*config.coredumps_dir, config.spool_max_bytes);
    core::DumpRecorder recorder(
        coredumps, dumps, {config.max_coredumps, config.retention, config.deduplicate}, counters);
    core::LateRows rows(devices, recorder, dumps);
    bool more = false;
    const auto enough = [&] {
        sweeper.sweep();
        more = Clock::now() >= until;
        return more || os::stop_requested();
    };
    try {
        core::SpoolImport({rows, dumps, spool, counters}, enough).run();
    } catch (const os::StorageError& error) {
        log::error("cannot read the spool", {{"error", error.what()}});
    }
    return more;
}

struct Drained {
    std::size_t claims = 0;  ///< that were worked on
    bool more = false;       ///< more may be due than could be parsed until then
};

Drained drain(const Config& config, db::Database& database, metrics::Counters& counters,
              Sweeper& sweeper, Clock::time_point until) {
    db::ParseQueue queue(database);
    db::SidecarOutages outages(database);
    db::FirmwareVersions versions(database);
    core::ElfFinder elves(versions, storage::FirmwareStore(config.assets_dir),
                          storage::ElfCache(*config.sidecar_xfer_dir),
                          core::max_unpacked_bytes(config.max_firmware_bytes));
    const storage::DumpStore dumps(*config.coredumps_dir);
    const storage::TransferFolder transfer(*config.sidecar_xfer_dir);
    sidecar::Client sidecar(*config.sidecar_url);
    // About once a second, also while a core dump takes minutes.
    const auto sweep_or_stop = [&] {
        sweeper.sweep();
        return os::stop_requested();
    };
    core::ParseRunner runner({queue, elves, dumps, transfer, sidecar, counters, outages},
                             config.parse_retry_pauses, sweep_or_stop,
                             static_cast<std::size_t>(config.parse_concurrency));
    Drained drained;
    drained.claims = runner.drain([&] { return drained.more = Clock::now() >= until; });
    return drained;
}

/// No reason to fail: the core dumps are parsed.
void count(db::Database& database) {
    try {
        db::count_coredumps(database);
    } catch (const std::exception& error) {
        log::warning("cannot count the core dumps", {{"error", error.what()}});
    }
}

/// True when there is more to do than could be done until then. No reason to fail, either.
bool tend_issues(db::Database& database, Clock::time_point until) {
    try {
        return db::IssueUpkeep(database).work(
            [&] { return os::stop_requested() || Clock::now() >= until; });
    } catch (const std::exception& error) {
        log::warning("cannot tend the issues", {{"error", error.what()}});
        return false;
    }
}

/// What was parsed may be news for somebody. No reason to fail, either: there is a timer.
void call_for_alerts(db::Database& database, const storage::DumpStore& dumps) {
    try {
        if (db::AlertOutbox(database).has_news()) dumps.want_alerts();
    } catch (const std::exception& error) {
        log::warning("cannot look for alerts", {{"error", error.what()}});
    }
}

constexpr std::chrono::milliseconds kMoment{100};

/// Waits a moment for the next core dump: a process and a connection for each would cost as much as
/// decoding several.
bool is_wanted_again(const storage::DumpStore& dumps) {
    std::this_thread::sleep_for(kMoment);
    return !os::stop_requested() && dumps.take_parse_wanted();
}

/// Looks into the queue until there is something to do, which another host may have put there.
/// False: there was nothing until `end`. What was due and could not be worked on, as while the
/// sidecar is away, is not looked at again at once.
bool await_work(const storage::DumpStore& dumps, db::Database& database, bool was_in_vain,
                Clock::time_point end) {
    constexpr std::chrono::milliseconds kPause{250};
    constexpr std::chrono::seconds kPauseInVain{5};
    db::ParseQueue queue(database);
    auto ask_at = Clock::now() + (was_in_vain ? kPauseInVain : kPause);
    while (Clock::now() < end) {
        if (is_wanted_again(dumps)) return true;
        if (os::stop_requested()) return false;
        if (Clock::now() < ask_at) continue;
        if (queue.is_due()) return true;
        ask_at = Clock::now() + kPause;
    }
    return false;
}

/// Two machines of one name would take each other's leases and sidecars for their own.
void require_name_of_our_own(db::Database& database) {
    const auto machine = os::machine_id();
    if (!machine) return;
    const auto name = os::host_name();
    // machine-id(5) asks not to show the id itself.
    if (db::take_host_name(database, name, sha256_hex("coredepot\n" + *machine))) return;
    throw std::runtime_error(
        "another machine with the host name " + name +
        " was seen in the last five minutes: give each host a name of its own (hostnamectl)");
}

void work(const Config& config) {
    // An upgrade's program shall soon be the one that works, however many uploads there are.
    constexpr std::chrono::minutes kLongest{1};
    // Core dumps are imported and decoded by turns: neither a long import nor a long queue, into
    // which devices go on to upload, holds up the other.
    constexpr std::chrono::seconds kTurn{10};
    if (!config.coredumps_dir) return;  // nothing was ever taken in
    const storage::DumpStore dumps(*config.coredumps_dir);
    db::Database database(config.database_url, "coredepot-parse-runner", db::Mode::ReadWrite);
    database.set_store(storage::store_id(*config.coredumps_dir));
    auto counters = metrics::Counters::shared(config.metrics_dir);
    require_name_of_our_own(database);
    const bool watches = config.parse_watch && config.parses();
    Sweeper sweeper(config, database, counters);
    const auto end = Clock::now() + kLongest;
    dumps.take_parse_wanted();
    bool more = false;
    Drained drained;
    const auto has_more_to_do = [&] {
        if (more) return !os::stop_requested();
        if (watches) return await_work(dumps, database, drained.claims == 0, end);
        return is_wanted_again(dumps);
    };
    do {
        sweeper.sweep();
        more = import_spool(config, database, counters, sweeper, Clock::now() + kTurn);
        // Without a sidecar core dumps stay PENDING: they are parsed once there is one.
        if (config.parses()) {
            drained = drain(config, database, counters, sweeper, Clock::now() + kTurn);
        }
        more |= drained.more;
        more |= tend_issues(database, Clock::now() + kTurn);
        // What came from devices goes before what is only to be looked at again.
        if (!more) more = db::SignatureRulesTable(database).requeue();
        count(database);
        call_for_alerts(database, dumps);
    } while (Clock::now() < end && has_more_to_do());
    if (more || (watches && !os::stop_requested())) dumps.want_parse();  // by the next one
}

}  // namespace

int main() {
    os::note_stop_signals();
    try {
        work(Config::from_environment());
        return 0;
    } catch (const std::exception& error) {
        log::error("cannot parse core dumps", {{"error", error.what()}});
        return 1;
    }
}
