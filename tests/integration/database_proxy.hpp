#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace coredepot::test {

/// Stands between a client and the test's PostgreSQL, one connection after the other, and can lose
/// what the server answers.
class DatabaseProxy {
  public:
    DatabaseProxy();
    ~DatabaseProxy();
    DatabaseProxy(const DatabaseProxy&) = delete;
    DatabaseProxy& operator=(const DatabaseProxy&) = delete;

    /// As database_url(Role::Writer), but through here.
    const std::string& url() const { return url_; }

    /// What the client sends when `from` is true still reaches the server, but no answer comes
    /// back; as soon as `done` is true the connection breaks. Later connections are whole again.
    void lose_answer(std::function<bool()> from, std::function<bool()> done);

  private:
    void serve_connections();
    void relay(int client);

    std::string url_;
    int server_port_ = 0;
    int listening_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> armed_ = false;
    std::function<bool()> from_;
    std::function<bool()> done_;
    std::thread thread_;
};

}  // namespace coredepot::test
