#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace coredepot::test {

/// A program that runs beside the test and ends with this object, or with the test, however that
/// goes.
class ChildProcess {
  public:
    /// `command` is looked for in PATH; what it says goes into the file `log`.
    ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    bool is_running();

  private:
    int pid_ = -1;  ///< -1 when it has ended
};

/// A port of the loopback address on which nobody listens at this moment.
int free_port();

}  // namespace coredepot::test
