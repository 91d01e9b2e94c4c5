#include "db/connection_watchdog.hpp"

#include <csignal>

#include <sys/socket.h>
#include <unistd.h>

namespace coredepot::db {
namespace {

volatile std::sig_atomic_t watched = -1;

void install_handler() {
    struct sigaction end {};
    end.sa_handler = [](int /*signal*/) {
        if (watched >= 0) ::shutdown(watched, SHUT_RDWR);  // a signal handler may call this
    };
    end.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &end, nullptr);
}

}  // namespace

ConnectionWatchdog::ConnectionWatchdog(int socket, std::chrono::seconds after) {
    static const bool once = (install_handler(), true);
    (void)once;
    watched = socket;
    ::alarm(static_cast<unsigned>(after.count()));
}

ConnectionWatchdog::~ConnectionWatchdog() {
    ::alarm(0);
    watched = -1;
}

}  // namespace coredepot::db
