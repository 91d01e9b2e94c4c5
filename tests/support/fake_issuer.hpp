#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace coredepot::test {

/// An identity provider as far as those who check its tokens know it: discovery and JWKS over HTTP,
/// on a port of its own.
class FakeIssuer {
  public:
    static constexpr const char* kDiscovery = "/.well-known/openid-configuration";
    static constexpr const char* kJwks = "/jwks";

    /// Publishes no keys yet.
    FakeIssuer();
    ~FakeIssuer();
    FakeIssuer(const FakeIssuer&) = delete;
    FakeIssuer& operator=(const FakeIssuer&) = delete;

    /// What it calls itself.
    const std::string& url() const { return url_; }

    void publish(const std::string& jwks) { answer(kJwks, 200, jwks); }
    /// From now on `path` is answered so.
    void answer(const std::string& path, int status, const std::string& body);
    /// Connections are refused, or accepted again.
    void go_down();
    void come_back();

    /// How often `path` was asked for.
    int asked(const std::string& path) const;

  private:
    struct Answer {
        int status;
        std::string body;
    };
    void listen_on(int port);
    void serve();
    void serve_one(int connection);

    int listening_ = -1;
    int port_ = 0;
    std::string url_;
    std::thread thread_;
    mutable std::mutex mutex_;
    std::map<std::string, Answer> answers_;
    std::map<std::string, int> asked_;
};

}  // namespace coredepot::test
