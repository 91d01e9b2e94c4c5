#pragma once

#include <chrono>

namespace coredepot::db {

/// While it lives, it watches a connection. If the server has not answered by the end of the time,
/// it shuts the socket down, and whoever waits finds the connection closed.
///
/// statement_timeout needs a server that works. One that stands still, or a network that swallows
/// packets, would make a handler wait for ever. Only one per process (it uses SIGALRM), and a
/// process has one thread.
class ConnectionWatchdog {
  public:
    ConnectionWatchdog(int socket, std::chrono::seconds after);
    ~ConnectionWatchdog();
    ConnectionWatchdog(const ConnectionWatchdog&) = delete;
    ConnectionWatchdog& operator=(const ConnectionWatchdog&) = delete;
};

}  // namespace coredepot::db
