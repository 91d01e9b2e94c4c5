#include "os/stop_signal.hpp"

#include <csignal>

namespace coredepot::os {
namespace {

volatile std::sig_atomic_t noted = 0;

}  // namespace

void note_stop_signals() {
    struct sigaction stop {};
    stop.sa_handler = [](int /*signal*/) { noted = 1; };
    sigaction(SIGTERM, &stop, nullptr);
    sigaction(SIGINT, &stop, nullptr);
}

bool stop_requested() {
    return noted != 0;
}

}  // namespace coredepot::os
