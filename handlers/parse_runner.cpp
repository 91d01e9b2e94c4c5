// Imports the spool, works through the parse queue, removes files when there is no room for all,
// and counts core dumps for /metrics. It exits when there is nothing more to do; with PARSE_WATCH
// it waits a minute for more. A path unit starts it for an upload, and a timer does, too. Exits
// with 1 when it could not work.

#include "core/parsing/parse_runner.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "config.hpp"
#include "core/firmware/bundle.hpp"
#include "core/object_store.hpp"
#include "core/parsing/watch_pause.hpp"
#include "core/retention/sweeper.hpp"
#include "core/uploads/spool_import.hpp"
#include "db/alert_outbox.hpp"
#include "db/hosts.hpp"
#include "db/issue_upkeep.hpp"
#include "db/signature_rules.hpp"
#include "db/spool_claims.hpp"
#include "db/statistics.hpp"
#include "log.hpp"
#include "os/host.hpp"
#include "os/stop_signal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/store_id.hpp"
#include "storage/wake_ups.hpp"

using namespace coredepot;

namespace {

using Clock = std::chrono::steady_clock;
using Objects = db::ParseQueue::Objects;

/// Imports what was accepted while the database or the object store was away. It comes first
/// because it is older. True when there is more than could be imported before `until`.
bool import_spool(const Config& config, db::Database& database, const core::DumpFiles& files,
                  metrics::Counters& counters, core::Sweeper& sweeper, Clock::time_point until) {
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    core::DumpRecorder recorder(
        coredumps, files, {config.max_coredumps, config.retention, config.deduplicate}, counters);
    core::LateRows rows(devices, recorder, files);
    bool more = false;
    const auto enough = [&] {
        sweeper.sweep();
        more = Clock::now() >= until;
        return more || os::stop_requested();
    };
    core::SpoolImport import({rows, files, counters}, enough);
    try {
        import.run(storage::Spool(*config.spool_dir(), config.spool_max_bytes));
        // Core dumps that were spooled before STATE_DIR named another folder.
        if (config.coredumps_dir && config.coredumps_dir != config.spool_dir()) {
            import.run(storage::Spool(*config.coredumps_dir, config.spool_max_bytes));
        }
    } catch (const os::StorageError& error) {
        log::error("cannot read the spool", {{"error", error.what()}});
    }
    if (!files.has_bucket()) return more;
    try {
        core::ObjectSpool spool(files.bucket());
        db::SpoolClaims claims(database);
        import.run(spool, claims);
    } catch (const objects::Unavailable& error) {
        log::warning("cannot read the spool of the bucket", {{"error", error.what()}});
    }
    return more;
}

struct Drained {
    std::size_t claims = 0;  ///< how many were worked on
    bool more = false;       ///< more may be due than could be parsed before the time was over
};

Drained drain(const Config& config, db::Database& database, const core::DumpFiles& files,
              metrics::Counters& counters, core::Sweeper& sweeper, Clock::time_point until) {
    db::ParseQueue queue(database);
    db::SidecarOutages outages(database);
    db::FirmwareVersions versions(database);
    const auto bucket =
        core::FirmwareBucket::make(config.s3, database, core::store_observer(counters));
    core::ElfFinder elves(versions, storage::FirmwareStore(config.assets_dir),
                          storage::ElfCache(*config.sidecar_xfer_dir),
                          core::max_unpacked_bytes(config.max_firmware_bytes), bucket.get());
    const storage::TransferFolder transfer(*config.sidecar_xfer_dir);
    sidecar::Client sidecar(*config.sidecar_url);
    // About once a second, even while one core dump takes minutes.
    const auto sweep_or_stop = [&] {
        sweeper.sweep();
        return os::stop_requested();
    };
    core::ParseRunner runner({queue, elves, files, transfer, sidecar, counters, outages},
                             config.parse_retry_pauses, sweep_or_stop,
                             static_cast<std::size_t>(config.parse_concurrency));
    Drained drained;
    drained.claims = runner.drain([&] { return drained.more = Clock::now() >= until; });
    return drained;
}

/// A failure does not matter: the core dumps are parsed.
void count(db::Database& database) {
    try {
        db::count_coredumps(database);
    } catch (const std::exception& error) {
        log::warning("cannot count the core dumps", {{"error", error.what()}});
    }
}

/// True when there is more to do than the time allowed. A failure does not end the run.
bool tend_issues(db::Database& database, Clock::time_point until) {
    try {
        return db::IssueUpkeep(database).work(
            [&] { return os::stop_requested() || Clock::now() >= until; });
    } catch (const std::exception& error) {
        log::warning("cannot work on the issues", {{"error", error.what()}});
        return false;
    }
}

/// New results may be news for somebody. A failure does not matter, because there is a timer, too.
void call_for_alerts(db::Database& database, const storage::WakeUps& calls) {
    try {
        if (db::AlertOutbox(database).has_news()) calls.want_alerts();
    } catch (const std::exception& error) {
        log::warning("cannot look for alerts", {{"error", error.what()}});
    }
}

constexpr std::chrono::milliseconds kMoment{100};

/// Waits a moment for the next core dump. A new process and connection for each would cost as much
/// as decoding several.
bool is_wanted_again(const storage::WakeUps& calls) {
    std::this_thread::sleep_for(kMoment);
    return !os::stop_requested() && calls.take_parse_wanted();
}

/// Looks at the queue until there is something to do, which another host may have queued. False:
/// there was nothing until `end`.
bool await_work(const storage::WakeUps& calls, db::Database& database, Objects objects,
                core::WatchPause& pause, Clock::time_point end) {
    db::ParseQueue queue(database);
    auto ask_at = Clock::now() + pause.get();
    while (Clock::now() < end) {
        if (is_wanted_again(calls)) return true;
        if (os::stop_requested()) return false;
        if (Clock::now() < ask_at) continue;
        if (queue.is_due(objects)) return true;
        pause.nothing_due();
        ask_at = Clock::now() + pause.get();
    }
    return false;
}

/// Two machines with the same name would take each other's leases and sidecars for their own.
void require_name_of_our_own(db::Database& database) {
    const auto machine = os::machine_id();
    if (!machine) return;
    const auto name = os::host_name();
    // machine-id(5) says not to expose the ID itself.
    if (db::take_host_name(database, name, sha256_hex("coredepot\n" + *machine))) return;
    throw std::runtime_error(
        "another machine with the host name " + name +
        " was seen in the last five minutes: give each host a name of its own (hostnamectl)");
}

void work(const Config& config) {
    // Limited, so that an upgraded program takes over soon, however many uploads there are.
    constexpr std::chrono::minutes kLongest{1};
    // Importing and decoding take turns, so that neither a long import nor a long queue, which
    // devices keep filling, holds up the other.
    constexpr std::chrono::seconds kTurn{10};
    constexpr std::chrono::seconds kLookIntoSpools{5};
    if (!config.spool_dir()) return;  // nothing was ever accepted here
    const storage::WakeUps calls(*config.spool_dir());
    db::Database database(config.database_url, "coredepot-parse-runner", db::Mode::ReadWrite);
    if (config.coredumps_dir) database.set_store(storage::store_id(*config.coredumps_dir));
    database.set_has_bucket(config.s3.has_value());
    auto counters = metrics::Counters::shared(config.metrics_dir);
    require_name_of_our_own(database);
    const bool watches = config.parse_watch && config.parses();
    const auto files = core::dump_files(config, &counters);
    core::Sweeper sweeper(config, database, files, counters);
    const auto end = Clock::now() + kLongest;
    calls.take_parse_wanted();
    bool more = false;
    Drained drained;
    core::WatchPause pause;
    const auto has_more_to_do = [&] {
        if (more) return !os::stop_requested();
        if (!watches) return is_wanted_again(calls);
        pause.worked(drained.claims);
        if (!files.has_bucket()) return await_work(calls, database, Objects::Not, pause, end);
        // Nobody tells us when the store is back, or what other hosts put into its spool.
        await_work(calls, database, Objects::Too, pause,
                   std::min(end, Clock::now() + kLookIntoSpools));
        return !os::stop_requested();
    };
    do {
        sweeper.sweep();
        more = import_spool(config, database, files, counters, sweeper, Clock::now() + kTurn);
        // Without a sidecar, core dumps stay PENDING until there is one.
        if (config.parses()) {
            drained = drain(config, database, files, counters, sweeper, Clock::now() + kTurn);
        }
        more |= drained.more;
        more |= tend_issues(database, Clock::now() + kTurn);
        // New core dumps go before those that are only parsed again.
        if (!more) more = db::SignatureRulesTable(database).requeue();
        count(database);
        call_for_alerts(database, calls);
    } while (Clock::now() < end && has_more_to_do());
    if (more || (watches && !os::stop_requested())) calls.want_parse();  // for the next runner
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
