#include "system/machine.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "os/descriptor.hpp"

namespace coredepot::test {
namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error("no machine: see tests/system/with-machine");
    return value;
}

}  // namespace

Machine::Machine()
    : nspawn_(variable("MACHINE_NSPAWN")),
      package_(variable("MACHINE_PACKAGE")),
      upgrade_(variable("MACHINE_UPGRADE")) {
    enter_network();
}

/// The only child of systemd-nspawn; another one after a reboot, and none (0) in between.
int Machine::init() const {
    std::string pid;
    std::ifstream(nspawn_) >> pid;
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    int child = 0;
    children >> child;
    return child;
}

/// So that this process' requests go to the container's loopback. Threads started from now on too.
void Machine::enter_network() const {
    const auto path = "/proc/" + std::to_string(init()) + "/ns/net";
    const os::Descriptor network(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (network.get() < 0 || ::setns(network.get(), CLONE_NEWNET) != 0) {
        throw std::system_error(errno, std::generic_category(), path);
    }
}

CommandResult Machine::run(const std::string& line) const {
    return run_command({"/usr/bin/nsenter", "--target", std::to_string(init()), "--all", "--",
                        "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                        "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_COLORS=0",
                        "SYSTEMD_PAGER=", "/bin/bash", "-c", line});
}

std::string Machine::output_of(const std::string& line) const {
    auto result = run(line);
    if (result.status != 0) throw std::runtime_error(line + ": " + result.output);
    while (result.output.ends_with('\n')) result.output.pop_back();
    return std::move(result.output);
}

void Machine::reboot() {
    const int before = init();
    run("systemctl reboot");
    const auto is_up = [&] {
        if (init() == before || init() == 0) return false;
        const auto state = run("systemctl is-system-running").output;
        return state == "running\n" || state == "degraded\n";
    };
    if (!eventually(is_up)) throw std::runtime_error("the machine does not come back");
    enter_network();
}

std::map<std::string, int> Machine::processes() const {
    std::istringstream lines(output_of(
        "systemctl list-units --plain --no-legend --state=active 'coredepot-*@*.service' |"
        " cut -d' ' -f1 | while read -r unit; do"
        "  echo \"$unit $(systemctl show --value --property=MainPID \"$unit\")\"; done"));
    std::map<std::string, int> found;
    std::string unit;
    for (int pid = 0; lines >> unit >> pid;) found.emplace(unit, pid);
    return found;
}

bool Machine::runs_all() const {
    return run("cd /etc/systemd/system/coredepot.target.wants &&"
               " [[ -z $(systemctl list-jobs --no-legend 'coredepot-*@*') ]] &&"
               " [[ -z $(systemctl is-active * | grep -vx active) ]]")
               .status == 0;
}

bool Machine::runs_nothing() const {
    return output_of(
               "systemctl list-units --plain --no-legend --state=active,activating,"
               "deactivating,reloading 'coredepot*' | grep -v '[.]slice' || true")
        .empty();
}

Machine& machine() {
    static Machine only;
    return only;
}

}  // namespace coredepot::test
