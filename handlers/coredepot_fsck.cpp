// coredepot-fsck [--repair]: compares rows and files. See docs/coredepot-fsck.1.

#include <functional>
#include <iostream>
#include <string_view>
#include <thread>

#include "command_line.hpp"
#include "config.hpp"
#include "core/firmware/bundle.hpp"
#include "core/forgotten_database.hpp"
#include "core/fsck/dump_objects_check.hpp"
#include "core/fsck/firmware_objects_check.hpp"
#include "core/fsck/fsck.hpp"
#include "core/object_store.hpp"
#include "db/statistics.hpp"
#include "decoder/decode.hpp"
#include "log.hpp"
#include "os/progress.hpp"
#include "storage/store_id.hpp"

using namespace coredepot;

namespace {

// The exit statuses of fsck(8). They add up.
constexpr int kClean = 0;
constexpr int kRepaired = 1;
constexpr int kLeft = 4;
constexpr int kFailed = 8;
constexpr int kUsage = 16;

constexpr Program kProgram{
    "coredepot-fsck",
    "usage: coredepot-fsck [--repair [--force] [--make-devices]] [--age SECONDS]\n"
    "                      [--settle SECONDS]\n"
    "       coredepot-fsck --check-database\n"
    "\n"
    "Compares Coredepot's rows and files; configured by the environment, as the handlers are.\n"
    "\n"
    "  --repair          make rows for files that lost theirs, and remove leftovers\n"
    "  --force           put files of unknown devices aside, however many they are\n"
    "  --make-devices    or make those devices again, by what their files tell\n"
    "  --age SECONDS     leave alone what is younger (default: 3600)\n"
    "  --settle SECONDS  look again after so long before anything is done (default: 60)\n"
    "  --check-database  only whether the database has forgotten the devices of the folder\n"
    "  --version         print the version\n"
    "\n"
    "Exit status: 0 clean, 1 repaired, 4 something left, 8 could not look, 16 wrong usage; they\n"
    "add up.\n"};

struct Arguments {
    core::FsckOptions fsck;
    bool check_database = false;
};

/// Empty when it has printed the help or the version.
std::optional<Arguments> parse_arguments(int argc, char** argv) {
    Arguments arguments;
    auto& fsck = arguments.fsck;
    constexpr auto* kSeconds = "a number of seconds";
    const auto others = read_command_line(
        kProgram, argc, argv,
        {{"repair", fsck.repair},
         {"force", fsck.force},
         {"make-devices", fsck.make_devices},
         {"age", kSeconds, [&](const auto& text) { fsck.age = seconds_of("--age", text); }},
         {"settle", kSeconds,
          [&](const auto& text) { fsck.settle = seconds_of("--settle", text); }},
         {"check-database", arguments.check_database}});
    if (!others) return std::nullopt;
    if (!others->empty()) throw UsageError("unknown argument " + others->front());
    return arguments;
}

void print(const core::Finding& finding) {
    std::cout << core::name_of(finding.fault) << ": " << finding.what;
    if (!finding.outcome.empty()) {
        std::cout << ": " << finding.outcome;
    } else if (finding.repaired) {
        std::cout << ": repaired";
    }
    std::cout << std::endl;
}

/// An estimate from the database's last count, for the progress line. Not asked when nobody
/// watches.
std::optional<std::uint64_t> about_how_many(db::Database& database) {
    if (!os::Progress::is_watched()) return std::nullopt;
    const auto count = db::coredump_statistics(database);
    return count.pending + count.parsed + count.error;
}

/// Runs one check. When the store is away, the other checks still run; then this returns `failed`.
template <class Result>
Result look_into_bucket(const std::function<Result()>& look, Result failed) {
    try {
        return look();
    } catch (const objects::Unavailable& error) {
        log::error("cannot look into the bucket", {{"error", error.what()}});
        return failed;
    }
}

int check(const Config& config, core::FsckOptions options) {
    db::Database database(config.database_url, "coredepot-fsck",
                          options.repair ? db::Mode::ReadWrite : db::Mode::ReadOnly);
    // So the rows of adopted core dumps also say where their files are.
    if (options.repair && config.coredumps_dir) {
        database.set_store(storage::store_id(*config.coredumps_dir));
    }
    os::Progress progress("core dumps", about_how_many(database));
    options.progress = [&](std::size_t files) { progress.done(files); };
    db::Inventory inventory(database);
    db::Deletions deletions(database);
    db::Devices devices(database);
    db::DeviceModels models(database);
    db::FirmwareVersions versions(database);
    db::Coredumps coredumps(database);
    db::Requeue requeue(database);
    db::DerivedSums sums(database);
    db::KeptFiles files(database);
    auto counters = metrics::Counters::shared(config.metrics_dir);
    const storage::DumpStore dumps(config.coredumps_dir.value_or(""));
    const auto dump_files = core::dump_files(config, &counters);
    const storage::DumpQuarantine quarantine(config.coredumps_dir.value_or(""));
    core::DumpRecorder recorder(coredumps, dump_files,
                                {config.max_coredumps, config.retention, config.deduplicate},
                                counters);
    core::LateRows rows(devices, recorder, dump_files);
    db::DumpMoves moves(database);
    core::DumpCopies copies(moves, dump_files);
    // The decoder reads the core dump here and not in the sidecar's sandbox: fsck must work when
    // nothing else does, and it rarely meets a file without a label.
    core::Adoption adoption(
        {devices, models, versions, rows, dumps, quarantine, counters, decoder::read_facts},
        options.make_devices);
    const auto pause = [](std::chrono::seconds time) { std::this_thread::sleep_for(time); };
    core::Fsck::Result of_objects;
    if (dump_files.has_bucket()) {
        db::DumpObjects objects(database);
        core::DumpObjectsCheck check({dump_files, objects, deletions, devices, models, versions,
                                      rows, copies, counters, decoder::read_facts, print, pause},
                                     options);
        const auto result = look_into_bucket<core::DumpObjectsCheck::Result>(
            [&] { return check.run(); }, {{.failed = 1}, false});
        of_objects = result.found;
        options.forget_deletions = result.is_complete;
    }
    core::Fsck fsck(
        {inventory, deletions, devices, requeue, sums, files,
         config.coredumps_dir ? &adoption : nullptr,
         config.coredumps_dir && dump_files.has_bucket() ? &copies : nullptr, counters, print,
         pause},
        {config.coredumps_dir, config.assets_dir, config.sidecar_xfer_dir, config.spool_dir()},
        options);
    auto result = fsck.run();
    result += of_objects;
    if (const auto bucket =
            core::FirmwareBucket::make(config.s3, database, core::store_observer(counters))) {
        core::FirmwareObjectsCheck check({*bucket, inventory, requeue, print}, options,
                                         core::max_unpacked_bytes(config.max_firmware_bytes));
        result += look_into_bucket<core::Fsck::Result>([&] { return check.run(); }, {.failed = 1});
    }
    log::info("checked rows and files", {{"repaired", result.repaired},
                                         {"left", result.left},
                                         {"folders_not_seen", result.failed}});
    return (result.repaired > 0 ? kRepaired : kClean) + (result.left > 0 ? kLeft : kClean) +
           (result.failed > 0 ? kFailed : kClean);
}

int check_database(const Config& config) {
    db::Database database(config.database_url, "coredepot-fsck", db::Mode::ReadOnly);
    db::Devices devices(database);
    // If the bucket does not answer, which is logged, nothing speaks against this database.
    const auto forgotten = core::has_forgotten(devices, core::dump_files(config));
    if (forgotten.value_or(false)) throw core::ForgottenDatabase();
    return kClean;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto options = parse_arguments(argc, argv);
        if (!options) return kClean;
        const auto config = Config::from_environment();
        return options->check_database ? check_database(config) : check(config, options->fsck);
    } catch (const UsageError& error) {
        complain(kProgram, error);
        return kUsage;
    } catch (const std::exception& error) {
        log::error("cannot check rows and files", {{"error", error.what()}});
        return kFailed;
    }
}
