#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace coredepot::test {

/// Stands between a client and a server on this machine, one connection after the other, and can
/// lose what the server answers.
class TcpProxy {
  public:
    /// `server_port`: where to.
    explicit TcpProxy(int server_port);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    int port() const { return port_; }

    /// What the client sends next still reaches the server, but no answer comes back; as soon as
    /// `done` is true the connection breaks. Later connections are whole again.
    void lose_next_answer(std::function<bool()> done);

  private:
    void serve_connections();
    void relay(int client);

    int server_port_;
    int listening_;
    int port_ = 0;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> losing_ = false;
    std::function<bool()> done_;
    std::thread thread_;
};

}  // namespace coredepot::test
