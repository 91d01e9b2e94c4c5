#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coredepot::test {

/// An identity provider as far as those who check its tokens know it, and those who want one:
/// discovery, JWKS and a token endpoint over HTTP, on a port of its own.
class FakeIssuer {
  public:
    static constexpr const char* kDiscovery = "/.well-known/openid-configuration";
    static constexpr const char* kJwks = "/jwks";
    static constexpr const char* kToken = "/token";
    static constexpr const char* kAuthorization = "/authorize";
    static constexpr const char* kEndSession = "/logout";

    /// Publishes no keys yet.
    FakeIssuer();
    ~FakeIssuer();
    FakeIssuer(const FakeIssuer&) = delete;
    FakeIssuer& operator=(const FakeIssuer&) = delete;

    /// What it calls itself.
    const std::string& url() const { return url_; }

    void publish(const std::string& jwks) { answer(kJwks, 200, jwks); }
    /// From now on `path` is answered so; `headers` are lines that end in CRLF.
    void answer(const std::string& path, int status, const std::string& body,
                const std::string& headers = "");
    /// The token endpoint gives this token for a client-credentials request in which `credentials`
    /// are to be found; others are told that their client is not known.
    void give_token(const std::string& credentials, const std::string& token);
    /// Connections are refused, or accepted again.
    void go_down();
    void come_back();
    /// Connections are accepted and nothing is said on them; or they are closed and it speaks
    /// again.
    void fall_silent();
    void speak_again();

    /// The last request for `path`, head and body; "" when there was none.
    std::string last_request(const std::string& path) const;
    /// How often `path` was asked for.
    int asked(const std::string& path) const;
    /// How many wait for an answer that does not come.
    std::size_t waiting() const;

  private:
    struct Answer {
        int status = 404;
        std::string body = "{}";
        std::string headers;
    };
    void listen_on(int port);
    void serve();
    bool is_kept_waiting(int connection);
    void serve_one(int connection);
    Answer answer_to(const std::string& path, const std::string& request);

    int listening_ = -1;
    int port_ = 0;
    std::string url_;
    std::thread thread_;
    mutable std::mutex mutex_;
    std::map<std::string, Answer> answers_;
    std::map<std::string, std::string> tokens_;  ///< by what a request has to hold
    std::map<std::string, int> asked_;
    std::map<std::string, std::string> last_;
    bool silent_ = false;
    std::vector<int> waiting_;
};

}  // namespace coredepot::test
