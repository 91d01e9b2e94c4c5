#pragma once

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace coredepot::test {

/// One runner; killed if it still runs when this goes.
class RunnerProcess {
  public:
    using Variables = std::map<std::string, std::string>;

    explicit RunnerProcess(const Variables& variables, const std::string& name = "parse_runner") {
        const auto program = COREDEPOT_BUILD_DIR "/handlers/" + name;
        pid_ = ::fork();
        if (pid_ != 0) return;
        for (const auto& [key, value] : variables) ::setenv(key.c_str(), value.c_str(), 1);
        ::execl(program.c_str(), program.c_str(), nullptr);
        ::_exit(127);
    }
    ~RunnerProcess() {
        if (pid_ < 0) return;
        signal(SIGKILL);
        wait();
    }
    RunnerProcess(const RunnerProcess&) = delete;
    RunnerProcess& operator=(const RunnerProcess&) = delete;

    void signal(int number) const { ::kill(pid_, number); }

    /// The exit code, or 128 and the signal's number.
    int wait() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t pid_ = -1;
};

}  // namespace coredepot::test
