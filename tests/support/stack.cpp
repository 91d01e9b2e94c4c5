#include "support/stack.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <pqxx/pqxx>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/files.hpp"
#include "support/processes.hpp"

namespace coredepot::test {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr const char* kRun = COREDEPOT_SOURCE_DIR "/tests/stack/run";

/// Where the programs are that are tested: not always those that were built with this test.
std::string build_dir() {
    const char* other = std::getenv("COREDEPOT_BUILD");
    return other != nullptr ? other : COREDEPOT_BUILD_DIR;
}

constexpr std::array kSettings = {
    "DATABASE_URL",
    "READER_DATABASE_URL",
    "COREDUMPS_DIR",
    "ASSETS_DIR",
    "MAX_COREDUMPS",
    "PARSE_SIDECAR_URL",
    "PARSE_SIDECAR_XFER_DIR",
    "OIDC_ENABLED",
    "PARSE_RETRY_SECONDS",
    "PARSE_CONCURRENCY",
    "PARSE_WATCH",
    "SIDECAR_CACHE_DIR",
    "MAX_FIRMWARE_BYTES",
    "OIDC_ISSUER_URL",
    "OIDC_CLIENT_ID",
    "OIDC_AUDIENCE",
    "OIDC_TOKEN_URL",
    "OIDC_CLOCK_SKEW_SECONDS",
    "OIDC_ROLES_CLAIM",
    "OIDC_DEVICE_CLAIM",
    "OIDC_CA_FILE",
    "OIDC_CLIENT_SECRET",
    "OIDC_SCOPE",
    "SESSION_KEY_FILE",
    "BASEURL",
    "CACHE_DIRECTORY",
    "METRICS_DIR",
    "RETENTION",
    "DEDUPLICATE",
    "SPOOL_MAX_BYTES",
    "UPLOAD_BURST",
    "UPLOAD_RATE_PER_MINUTE",
    "ADDRESS_RATE",
    "ADDRESS_BURST",
    "ADDRESS_CONNECTIONS",
    "TLS_DIR",
    "ALERT_ALLOWED_NETWORKS",
    "ALERT_SMTP_URL",
    "ALERT_SMTP_USER",
    "ALERT_SMTP_PASSWORD_FILE",
    "ALERT_SMTP_TLS",
    "ALERT_MAIL_FROM",
    "ALERT_SPIKE_COREDUMPS",
    "ALERT_SPIKE_DEVICES",
    "ALERT_DIGEST_HOUR",
};

std::vector<std::string> environment(const Settings& settings) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string text = *variable;
        const auto is_setting = [&](const char* name) {
            return text.starts_with(std::string(name) + '=');
        };
        if (std::ranges::none_of(kSettings, is_setting)) variables.push_back(text);
    }
    for (const auto& [name, value] : settings) {
        variables.push_back(name);
        variables.back().append("=").append(value);
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (auto& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

/// Starts `arguments`, its standard output on a pipe whose other end is put into `output`.
int spawn(std::vector<std::string> arguments, std::vector<std::string> variables,
          const fs::path& errors, os::Descriptor& output) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    output = os::Descriptor(pipe[0]);
    const os::Descriptor theirs(pipe[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, os::kFileMode);
    int pid = -1;
    const int error = ::posix_spawn(&pid, arguments.front().c_str(), &actions, nullptr,
                                    pointers(arguments).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + arguments.front());
    return pid;
}

/// The exit status as a shell has it.
int wait_for(int pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// The first line that the stack prints; what there is of it when the stack ends or takes too long.
std::string first_line(int output) {
    const auto until = steady_clock::now() + seconds(180);
    std::string line;
    while (steady_clock::now() < until) {
        pollfd readable{output, POLLIN, 0};
        if (::poll(&readable, 1, 1000) <= 0) continue;
        char c = 0;
        if (::read(output, &c, 1) != 1 || c == '\n') return line;
        line += c;
    }
    return "not ready after three minutes";
}

Rows execute(const std::string& url, const std::string& statement) {
    pqxx::connection connection(url);
    pqxx::work work(connection);
    Rows rows;
    for (const auto& row : work.exec(statement)) {
        auto& columns = rows.emplace_back();
        for (const auto& field : row) columns.emplace_back(field.c_str());
    }
    work.commit();
    return rows;
}

int port_at_end(const std::string& text) {
    return std::stoi(text.substr(text.rfind(':') + 1));
}

}  // namespace

Stack::Stack(fs::path folder, const Settings& settings) : folder_(std::move(folder)) {
    start(settings);
}

Stack::~Stack() {
    stop();
}

void Stack::start(const Settings& settings) {
    os::Descriptor output;
    pid_ = spawn({kRun, "--die-with-parent", "--port", "0", "--build", build_dir(), "--state",
                  state().string()},
                 environment(settings), folder_ / "run.err", output);
    const auto line = first_line(output.get());
    constexpr std::string_view kReady = "ready ";
    if (line.starts_with(kReady)) {
        url_ = line.substr(kReady.size());
        return;
    }
    ::kill(pid_, SIGTERM);
    const int status = wait_for(std::exchange(pid_, -1));
    throw StackFailed(status, complaint() + line);
}

void Stack::stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    wait_for(std::exchange(pid_, -1));
}

int Stack::port() const {
    return port_at_end(url_);
}

int Stack::sidecar_port() const {
    return listen_ports("sidecar.conf").at(0);
}

int Stack::tls_port() const {
    return listen_ports("tls.conf").at(0);
}

int Stack::redirect_port() const {
    return listen_ports("tls.conf").at(1);
}

/// Those in a file of nginx's, in its order.
std::vector<int> Stack::listen_ports(const std::string& file) const {
    // At the beginning of a line: comments have it, too.
    static const std::regex listen("\n *listen [0-9.]+:([0-9]+)");
    const auto conf = read_bytes(state() / "nginx/conf" / file);
    std::vector<int> ports;
    for (std::sregex_iterator match(conf.begin(), conf.end(), listen), end; match != end; ++match) {
        ports.push_back(std::stoi((*match)[1]));
    }
    return ports;
}

Rows Stack::sql(const std::string& statement) const {
    auto url = read_bytes(state() / "database_url");
    url.erase(url.find_last_not_of('\n') + 1);
    return execute(url, statement);
}

Rows Stack::sql_as_superuser(const std::string& statement) const {
    return execute("postgresql://postgres@/postgres?host=" + (state() / "run/postgres").string() +
                       "&port=5432",
                   statement);
}

std::string Stack::sql_value(const std::string& query) const {
    return sql(query).at(0).at(0);
}

std::map<int, std::string> Stack::handlers() const {
    std::map<int, std::string> handlers;
    for (const auto& [pid, program] : descendants(pid_)) {
        if (program.parent_path() == fs::path(build_dir()) / "handlers" &&
            !program.filename().string().ends_with("_runner")) {
            handlers.emplace(pid, program.filename());
        }
    }
    return handlers;
}

bool Stack::has_all_handlers() const {
    // Said by multiwatch, by what becomes multiwatch, and by what it has forked until that is a
    // handler: then it is too many, and all are not there yet.
    constexpr std::string_view kForks = "--forks=";
    std::size_t expected = 0;
    for (const auto& [pid, program] : descendants(pid_)) {
        const auto command = read_bytes("/proc/" + std::to_string(pid) + "/cmdline");
        const auto forks = command.find(kForks);
        if (forks == std::string::npos) continue;
        expected += std::stoul(command.substr(forks + kForks.size()));
    }
    return expected > 0 && handlers().size() == expected;
}

std::map<int, fs::path> Stack::processes() const {
    return descendants(pid_);
}

bool Stack::is_running() const {
    siginfo_t ended{};  // WNOWAIT: stop() still has it to wait for
    return ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
}

std::optional<int> Stack::pid_of(const std::string& program) const {
    for (const auto& [pid, path] : descendants(pid_)) {
        if (path.filename() == program) return pid;
    }
    return std::nullopt;
}

bool Stack::reload_nginx() const {
    const auto master = std::stoi(read_bytes(state() / "nginx/nginx.pid"));
    const auto workers = [&] {
        auto processes = descendants(master);
        processes.erase(master);
        return processes;
    };
    const auto before = workers();
    ::kill(master, SIGHUP);
    return eventually([&] {
        const auto now = workers();
        return std::ranges::none_of(before,
                                    [&](const auto& worker) { return now.contains(worker.first); });
    });
}

std::map<std::string, std::string> Stack::logs() const {
    std::map<std::string, std::string> logs{{"run", complaint()}};
    for (const auto& name : names_in(state() / "log")) {
        logs.emplace(name, read_bytes(state() / "log" / name));
    }
    return logs;
}

std::string Stack::complaint() const {
    return read_bytes(folder_ / "run.err");
}

bool eventually(const std::function<bool()>& condition, seconds deadline) {
    constexpr milliseconds kPause{20};
    const auto until = steady_clock::now() + deadline;
    while (!condition()) {
        if (steady_clock::now() > until) return false;
        std::this_thread::sleep_for(kPause);
    }
    return true;
}

std::string read_bytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace coredepot::test
