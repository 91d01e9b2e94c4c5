#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config.hpp"
#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// What the store does wrong, to whom and how often; tests/support/s3_server.py has the list.
struct S3Fault {
    std::string what;               ///< `status`, `hang`, `store-hang`, `drop`, …
    std::string operation = "any";  ///< `put`, `get`, `head`, `list`, `remove`
    int times = 0;                  ///< 0: from now on
    int skip = 0;                   ///< so many requests that it would be for go well first
    int status = 500;
    std::string code = "InternalError";
    std::string key = "";  ///< the beginning of the keys that it is for, with their prefix
};

/// An object store that speaks S3 (tests/support/s3_server.py), in a process and on a port of its
/// own. It checks signatures and hashes.
class S3Server {
  public:
    S3Server() : S3Server("", "") {}
    /// Files with a certificate for `localhost` and its key: then it is also behind TLS, on another
    /// port after each start.
    S3Server(std::string certificate, std::string key);

    const std::string& url() const { return url_; }
    const std::string& tls_url() const { return tls_url_; }
    /// The S3_* variables of whoever uses it.
    Settings settings() const;
    S3Config config() const;

    /// In place of the faults of before. One request meets the first that fits it.
    void misbehave(const std::vector<S3Fault>& faults);
    void behave() { misbehave({}); }
    /// Closes the connections that it says nothing on.
    void release();
    /// Connections are refused, until it is there again with all that it has.
    void go_down() { process_.reset(); }
    void come_back();

    /// How many requests of that kind came, and how many were done, whatever was said then. Of the
    /// time since it came back.
    int asked(const std::string& operation);
    int done(const std::string& operation);
    /// How many get no answer at this moment.
    int waiting();
    /// The SHA-256 of each object, by its key.
    std::map<std::string, std::string> objects();
    std::vector<std::string> keys();
    /// Forgets all of them.
    void clear();

  private:
    JsonValue control(const std::string& method, const std::string& what,
                      const std::string& body = "");
    int count(const std::string& operation, const std::string& of);

    std::string certificate_;
    std::string key_;
    TemporaryFolder folder_;
    std::unique_ptr<ChildProcess> process_;
    int port_ = 0;
    std::string url_;
    std::string tls_url_;
    int starts_ = 0;
};

}  // namespace coredepot::test
