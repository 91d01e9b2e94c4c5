#pragma once

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace coredepot::test {

/// One parse_runner; killed if it still runs when this goes.
class RunnerProcess {
  public:
    using Variables = std::map<std::string, std::string>;

    explicit RunnerProcess(const Variables& variables) : pid_(::fork()) {
        if (pid_ != 0) return;
        for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
        ::execl(kProgram, kProgram, nullptr);
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
    static constexpr const char* kProgram = COREDEPOT_BUILD_DIR "/handlers/parse_runner";
    pid_t pid_;
};

}  // namespace coredepot::test
