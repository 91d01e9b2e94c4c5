#include "support/command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coredepot::test {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> our_environment_and(const std::vector<std::string>& more) {
    // Each name once: of two, getenv() takes the first and bash the last.
    auto all = more;
    for (auto* const* entry = environ; *entry != nullptr; ++entry) {
        const std::string variable = *entry;
        const auto name = variable.substr(0, variable.find('=') + 1);
        const auto is_same = [&](const std::string& other) { return other.starts_with(name); };
        if (std::ranges::none_of(more, is_same)) all.push_back(variable);
    }
    return all;
}

struct Pipe {
    int read_end;
    int write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    return {ends[0], ends[1]};
}

pid_t start(const std::vector<std::string>& command, const std::vector<std::string>& environment,
            int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    const auto variables = our_environment_and(environment);
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, command.front().c_str(), &actions, nullptr,
                                    pointers(command).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
    return pid;
}

std::string read_to_end(int fd) {
    std::string text;
    std::array<char, 4096> piece{};
    while (true) {
        const auto got = ::read(fd, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment) {
    const auto pipe = make_pipe();
    pid_t pid = -1;
    try {
        pid = start(command, environment, pipe.write_end);
    } catch (...) {
        ::close(pipe.read_end);
        ::close(pipe.write_end);
        throw;
    }
    ::close(pipe.write_end);
    auto output = read_to_end(pipe.read_end);
    ::close(pipe.read_end);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int kSignalled = 128;  // as shells say it
    return {WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status),
            std::move(output)};
}

}  // namespace coredepot::test
