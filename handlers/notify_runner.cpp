// Tells people what happened to issues, and exits when nothing more is due soon. A path unit starts
// it when something happens, and a timer does, too. Exits with 1 when it could not work.

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "config.hpp"
#include "core/alerts/runner.hpp"
#include "db/alert_outbox.hpp"
#include "log.hpp"
#include "os/stop_signal.hpp"
#include "storage/wake_ups.hpp"

using namespace coredepot;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Waits until something is due. False when nothing is due before `end`, or when it was told to
/// stop. It checks now and then, because somebody may ask for a test.
bool wait_for_more(db::AlertOutbox& outbox, Clock::time_point end) {
    constexpr milliseconds kLook{500};
    // Something is due, but another runner works on it.
    constexpr milliseconds kLeast{50};
    while (!os::stop_requested()) {
        const auto in = outbox.next_in();
        const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
        if (!in || *in > left) return false;
        std::this_thread::sleep_for(std::clamp(*in, kLeast, kLook));
        if (*in <= kLook) return true;
    }
    return false;
}

void work(const Config& config) {
    // The limit lets an upgraded program take over soon. Events wait 30 s for others of their kind,
    // and the next message waits a minute, so both still happen within it.
    constexpr std::chrono::seconds kLongest{70};
    const auto end = Clock::now() + kLongest;
    if (const auto calls = storage::wake_ups(config.spool_dir())) calls->take_alerts_wanted();
    db::Database database(config.database_url, "coredepot-notify-runner", db::Mode::ReadWrite);
    db::AlertOutbox outbox(database);
    core::AlertRunner runner(outbox, config);
    outbox.look_around(
        {config.alerts.spike_occurrences, config.alerts.spike_devices, config.alerts.digest_hour});
    do {
        while (!os::stop_requested() && Clock::now() < end && runner.deliver_one()) {
        }
    } while (wait_for_more(outbox, end));
}

}  // namespace

int main() {
    os::note_stop_signals();
    try {
        work(Config::from_environment());
        return 0;
    } catch (const std::exception& error) {
        log::error("cannot tell anybody about issues", {{"error", error.what()}});
        return 1;
    }
}
