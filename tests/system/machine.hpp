#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "support/command.hpp"
#include "support/http_client.hpp"
#include "support/stack.hpp"

namespace coredepot::test {

/// The container that tests/system/with-machine has booted, as root in it.
class Machine {
  public:
    /// Throws when there is none.
    Machine();

    /// Runs a line of bash; what it says goes to `output`, errors too.
    CommandResult run(const std::string& line) const;
    /// Without the newline at its end; throws when the line fails.
    std::string output_of(const std::string& line) const;

    /// Returns when it is up again.
    void reboot();

    /// Of the site that coredepot-setup makes.
    static HttpClient client() { return HttpClient("http://127.0.0.1:8080"); }

    /// Our services that run: unit and pid of its main process.
    std::map<std::string, int> processes() const;
    /// Whether all that are enabled do, and none is about to be started.
    bool runs_all() const;
    /// Whether no unit of ours is active, or about to be.
    bool runs_nothing() const;

    std::string package() const { return package_; }
    std::string upgrade() const { return upgrade_; }

  private:
    int init() const;
    void enter_network() const;

    std::string nspawn_;  ///< file with its pid
    std::string package_;
    std::string upgrade_;
};

/// The one of this program.
Machine& machine();

}  // namespace coredepot::test
