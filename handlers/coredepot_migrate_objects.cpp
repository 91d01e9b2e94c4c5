// coredepot-migrate-objects: moves core dumps between COREDUMPS_DIR and the bucket. See
// docs/coredepot-migrate-objects.1.

#include <iostream>
#include <thread>

#include "command_line.hpp"
#include "config.hpp"
#include "core/moving/dump_mover.hpp"
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
    "usage: coredepot-migrate-objects --to-bucket | --to-folder\n"
    "\n"
    "Moves core dumps between COREDUMPS_DIR and the bucket while everything runs; configured by\n"
    "the environment, as the handlers are. May be interrupted, and run again.\n"
    "\n"
    "  --to-bucket  those of this host's COREDUMPS_DIR into the bucket\n"
    "  --to-folder  all that are in the bucket into COREDUMPS_DIR\n"
    "  --version    print the version\n"
    "\n"
    "Exit status: 0 all were moved, 4 some were not, 8 failed, 16 wrong usage.\n"};

int move(const Config& config, db::DumpMoves::From from) {
    if (!config.s3) throw ConfigError("S3_ENDPOINT is not set: there is no bucket");
    if (!config.coredumps_dir) throw ConfigError("COREDUMPS_DIR is not set: there is no folder");
    os::note_stop_signals();
    db::Database database(config.database_url, "coredepot-migrate-objects", db::Mode::ReadWrite);
    database.set_store(storage::store_id(*config.coredumps_dir));
    db::DumpMoves rows(database);
    auto counters = metrics::Counters::shared(config.metrics_dir);
    const core::DumpFiles files(
        storage::DumpStore(*config.coredumps_dir),
        std::make_shared<objects::Bucket>(*config.s3, core::store_observer(counters)));
    os::Progress progress("core dumps", std::nullopt);
    core::DumpMover mover({rows, files,
                           [](std::chrono::seconds pause) { std::this_thread::sleep_for(pause); },
                           os::stop_requested, [&](std::size_t moved) { progress.done(moved); }});
    const auto result = mover.run(from);
    std::cout << "moved: " << result.moved << ", in use: " << result.busy
              << ", failed: " << result.failed << std::endl;
    return result.busy + result.failed > 0 || os::stop_requested() ? kLeft : kDone;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        bool to_bucket = false;
        bool to_folder = false;
        const auto others = read_command_line(kProgram, argc, argv,
                                              {{"to-bucket", to_bucket}, {"to-folder", to_folder}});
        if (!others) return kDone;
        if (!others->empty()) throw UsageError("unknown argument " + others->front());
        if (to_bucket == to_folder)
            throw UsageError("one of --to-bucket and --to-folder is needed");
        return move(Config::from_environment(),
                    to_bucket ? db::DumpMoves::From::Folder : db::DumpMoves::From::Bucket);
    } catch (const UsageError& error) {
        complain(kProgram, error);
        return kUsage;
    } catch (const std::exception& error) {
        log::error("cannot move core dumps", {{"error", error.what()}});
        return kFailed;
    }
}
