// coredepot-migrate-objects: moves firmware and core dumps between folders and the bucket. See
// docs/coredepot-migrate-objects.1.

#include <iostream>
#include <thread>

#include "command_line.hpp"
#include "config.hpp"
#include "core/firmware/bundle.hpp"
#include "core/moving/dump_mover.hpp"
#include "core/moving/firmware_mover.hpp"
#include "core/object_store.hpp"
#include "log.hpp"
#include "os/progress.hpp"
#include "os/stop_signal.hpp"
#include "storage/store_id.hpp"

using namespace coredepot;

namespace {

constexpr int kDone = 0;
constexpr int kLeft = 4;
constexpr int kFailed = 8;
constexpr int kUsage = 16;

constexpr Program kProgram{
    "coredepot-migrate-objects",
    "usage: coredepot-migrate-objects --to-bucket | --to-folder [--grace SECONDS]\n"
    "\n"
    "Moves firmware and core dumps between folders and the bucket while everything runs;\n"
    "configured by the environment, as the handlers are. May be interrupted, and run again.\n"
    "\n"
    "  --to-bucket      what is in this host's ASSETS_DIR and COREDUMPS_DIR into the bucket\n"
    "  --to-folder      all that is in the bucket into ASSETS_DIR and COREDUMPS_DIR\n"
    "  --grace SECONDS  keep an original so long after its row names the copy (default: 10)\n"
    "  --version        print the version\n"
    "\n"
    "Exit status: 0 all was moved, 4 some was not, 8 failed, 16 wrong usage.\n"};

using From = db::DumpMoves::From;
constexpr auto kPause = [](std::chrono::seconds time) { std::this_thread::sleep_for(time); };

struct Arguments {
    From from = From::Folder;
    std::chrono::seconds grace{10};
};

core::MoveResult move_firmware(const Config& config, db::Database& database,
                               metrics::Counters& counters, const Arguments& arguments) {
    db::FirmwareMoves rows(database);
    core::FirmwareBucket bucket(*config.s3, database, core::store_observer(counters));
    os::Progress progress("builds of firmware", std::nullopt);
    core::FirmwareMover::Parts parts{rows,
                                     bucket,
                                     storage::FirmwareStore(config.assets_dir),
                                     core::max_unpacked_bytes(config.max_firmware_bytes),
                                     arguments.grace,
                                     kPause,
                                     os::stop_requested,
                                     [&](std::size_t moved) { progress.done(moved); }};
    if (arguments.from == From::Folder) return core::FirmwareToBucket(std::move(parts)).run();
    return core::FirmwareToFolder(std::move(parts)).run();
}

core::MoveResult move_dumps(const Config& config, db::Database& database,
                            metrics::Counters& counters, const Arguments& arguments) {
    db::DumpMoves rows(database);
    const core::DumpFiles files(
        storage::DumpStore(*config.coredumps_dir),
        std::make_shared<objects::Bucket>(*config.s3, core::store_observer(counters)));
    os::Progress progress("core dumps", std::nullopt);
    return core::DumpMover({rows, files, arguments.grace, kPause, os::stop_requested,
                            [&](std::size_t moved) { progress.done(moved); }})
        .run(arguments.from);
}

/// Returns whether everything is where it should be.
bool print(const char* what, const core::MoveResult& result) {
    std::cout << what << ": moved " << result.moved << ", in use " << result.busy << ", failed "
              << result.failed << ", left " << result.left()
              << (result.is_complete ? "" : " or more") << std::endl;
    return result.is_complete && result.left() == 0;
}

int move(const Config& config, const Arguments& arguments) {
    if (!config.s3) throw ConfigError("S3_ENDPOINT is not set: there is no bucket");
    if (!config.coredumps_dir) throw ConfigError("COREDUMPS_DIR is not set: there is no folder");
    os::note_stop_signals();
    db::Database database(config.database_url, "coredepot-migrate-objects", db::Mode::ReadWrite);
    database.set_store(storage::store_id(*config.coredumps_dir));
    auto counters = metrics::Counters::shared(config.metrics_dir);
    // Firmware first: there is little of it, and every host needs it.
    const bool firmware = print("firmware", move_firmware(config, database, counters, arguments));
    const bool dumps = print("core dumps", move_dumps(config, database, counters, arguments));
    return firmware && dumps ? kDone : kLeft;
}

/// Empty when it has printed the help or the version.
std::optional<Arguments> parse_arguments(int argc, char** argv) {
    bool to_bucket = false;
    bool to_folder = false;
    Arguments arguments;
    const auto others = read_command_line(kProgram, argc, argv,
                                          {{"to-bucket", to_bucket},
                                           {"to-folder", to_folder},
                                           {"grace", "a number of seconds", [&](const auto& text) {
                                                arguments.grace = seconds_of("--grace", text);
                                            }}});
    if (!others) return std::nullopt;
    if (!others->empty()) throw UsageError("unknown argument " + others->front());
    if (to_bucket == to_folder) throw UsageError("one of --to-bucket and --to-folder is needed");
    arguments.from = to_bucket ? From::Folder : From::Bucket;
    return arguments;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto arguments = parse_arguments(argc, argv);
        return arguments ? move(Config::from_environment(), *arguments) : kDone;
    } catch (const UsageError& error) {
        complain(kProgram, error);
        return kUsage;
    } catch (const std::exception& error) {
        log::error("cannot move firmware and core dumps", {{"error", error.what()}});
        return kFailed;
    }
}
