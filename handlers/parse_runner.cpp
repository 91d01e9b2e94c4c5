// Drains the parse queue and exits; a systemd timer starts it. Exit code 1 when it could not work.

#include "core/parse_runner.hpp"

#include <csignal>

#include "config.hpp"
#include "core/bundle.hpp"
#include "log.hpp"

using namespace coredepot;

namespace {

volatile std::sig_atomic_t stop_requested = 0;

void install_signal_handlers() {
    struct sigaction stop {};
    stop.sa_handler = [](int /*signal*/) { stop_requested = 1; };
    sigaction(SIGTERM, &stop, nullptr);
    sigaction(SIGINT, &stop, nullptr);
}

void drain(const Config& config) {
    // Without a sidecar core dumps stay PENDING: they are parsed once there is one.
    if (!config.parses()) return;
    db::Database database(config.database_url, "coredepot-parse-runner", db::Mode::ReadWrite);
    db::ParseQueue queue(database);
    db::SidecarOutages outages(database);
    db::FirmwareVersions versions(database);
    core::ElfFinder elves(versions, storage::FirmwareStore(config.assets_dir),
                          core::max_unpacked_bytes(config.max_firmware_bytes));
    const storage::DumpStore dumps(*config.coredumps_dir);
    const storage::TransferFolder transfer(*config.sidecar_xfer_dir);
    sidecar::Client sidecar(*config.sidecar_url);
    auto counters = metrics::Counters::shared(config.metrics_dir);
    core::ParseRunner runner(
        {queue, elves, dumps, transfer, sidecar, counters, outages}, config.parse_retry_pauses,
        [] { return stop_requested != 0; }, static_cast<std::size_t>(config.parse_concurrency));
    runner.drain();
}

}  // namespace

int main() {
    install_signal_handlers();
    try {
        drain(Config::from_environment());
        return 0;
    } catch (const std::exception& error) {
        log::error("cannot parse core dumps", {{"error", error.what()}});
        return 1;
    }
}
