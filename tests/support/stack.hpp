#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/http_client.hpp"
#include "support/temporary_folder.hpp"

/// tests/stack/run, as tests use it.
namespace coredepot::test {

/// The handlers' variables. Set but empty means unset (see tests/stack/run); what is not named has
/// the default of tests/stack/run, whatever the environment of the test says.
using Settings = std::map<std::string, std::string>;

/// The stack ended instead of becoming ready.
class StackFailed : public std::runtime_error {
  public:
    StackFailed(int exit_status, const std::string& complaint)
        : std::runtime_error(complaint), exit_status_(exit_status) {}
    int exit_status() const { return exit_status_; }

  private:
    int exit_status_;
};

/// One row of a query's result: columns as text, null as "".
using Rows = std::vector<std::vector<std::string>>;

/// A running stack on free ports of this machine.
class Stack {
  public:
    /// Starts in `folder`, with what an earlier stack left there. Returns when it is ready; throws
    /// StackFailed.
    Stack(std::filesystem::path folder, const Settings& settings);
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    /// As Ctrl-C would. The logs stay until the folder goes.
    void stop();

    const std::string& url() const { return url_; }
    int port() const;
    /// Of the sidecar that ships with Coredepot.
    int sidecar_port() const;
    /// Of the TLS server, when there is a TLS_DIR, and of the one that redirects to it.
    int tls_port() const;
    int redirect_port() const;
    HttpClient client() const { return HttpClient(url_, headers_); }
    /// With every request of every client() from now on, such as a token.
    void clients_send(HttpClient::Headers headers) { headers_ = std::move(headers); }

    std::filesystem::path state() const { return folder_ / "state"; }
    std::filesystem::path coredumps_dir() const { return state() / "coredumps"; }
    std::filesystem::path assets_dir() const { return state() / "assets"; }
    std::filesystem::path xfer_dir() const { return state() / "xfer"; }

    /// Executes one statement as the owner of the schema.
    Rows sql(const std::string& statement) const;
    /// The same as the superuser, in another database of the same server.
    Rows sql_as_superuser(const std::string& statement) const;
    /// The single value of a query, as text.
    std::string sql_value(const std::string& query) const;

    /// The handlers' processes: pid and name. The runners come and go and are not among them.
    std::map<int, std::string> handlers() const;
    /// Whether all of them that there should be have been started.
    bool has_all_handlers() const;
    /// All of the stack's processes of this moment: pid and program.
    std::map<int, std::filesystem::path> processes() const;
    /// Whether it still runs: it stops when its nginx or its PostgreSQL is gone.
    bool is_running() const;
    /// Of a program among the stack's processes; empty when it does not run at this moment.
    std::optional<int> pid_of(const std::string& program) const;

    /// Has nginx read its configuration again. When it returns true, no worker of before is left,
    /// which might still answer.
    bool reload_nginx() const;

    /// What the stack's programs have said: name of the log, its content.
    std::map<std::string, std::string> logs() const;

  private:
    void start(const Settings& settings);
    std::string complaint() const;
    std::vector<int> listen_ports(const std::string& file) const;

    std::filesystem::path folder_;
    std::string url_;
    HttpClient::Headers headers_;
    int pid_ = -1;
};

/// Asks again and again until the answer is true; false when it was not within `deadline`, which is
/// long because a machine may be busy: nothing is expected to take that long.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds deadline = std::chrono::seconds(60));

/// What a file holds; "" when there is none.
std::string read_bytes(const std::filesystem::path& path);

}  // namespace coredepot::test
