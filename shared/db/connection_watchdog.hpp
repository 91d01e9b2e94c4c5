#pragma once

#include <chrono>

namespace coredepot::db {

/// While it lives, a connection whose server has not answered by its end is taken for lost: its
/// socket is shut down, and whoever waits for the answer finds the connection closed.
///
/// statement_timeout is a promise of the server's, which one that stands still, or a network that
/// swallows packets, does not keep; a handler would wait with it, for good. One at a time in a
/// process (SIGALRM), and a process has one thread.
class ConnectionWatchdog {
  public:
    ConnectionWatchdog(int socket, std::chrono::seconds after);
    ~ConnectionWatchdog();
    ConnectionWatchdog(const ConnectionWatchdog&) = delete;
    ConnectionWatchdog& operator=(const ConnectionWatchdog&) = delete;
};

}  // namespace coredepot::db
