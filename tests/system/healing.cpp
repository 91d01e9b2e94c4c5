#include "system/healing.hpp"

#include <future>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "support/metrics_page.hpp"
#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

bool is_well() {
    try {
        return Machine::client().get("/health").status == 200;
    } catch (const std::exception&) {
        return false;  // nobody listens
    }
}

void expect_recovery() {
    EXPECT_TRUE(eventually(is_well));
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
}

std::string state_of(const std::string& unit) {
    return machine().output_of("systemctl show --value --property=ActiveState " + unit);
}

/// Handlers of which a process takes requests, as systemd sees it.
std::set<std::string> handlers_that_run() {
    std::istringstream units(
        machine().output_of("systemctl list-units --plain --no-legend --state=active,reloading"
                            " 'coredepot-*@*.service' | cut -d@ -f1"));
    std::set<std::string> handlers;
    for (std::string handler; std::getline(units, handler);) handlers.insert(handler);
    return handlers;
}

}  // namespace

void expect_that_what_is_killed_comes_back() {
    do_as_root("kill -KILL $(cat /run/nginx.pid)");
    EXPECT_TRUE(eventually(is_well)) << "nginx";
    const auto postgresql = postgresql_unit();
    do_as_root("kill -KILL $(systemctl show --value --property=MainPID " + postgresql + ")");
    // Also for systemd, which waits longer than the first who asks.
    EXPECT_TRUE(eventually([&] {
        return machine().output_of("systemctl show --value --property=NRestarts " + postgresql) !=
                   "0" &&
               state_of(postgresql) == "active";
    }));
    expect_recovery();

    // In Debian's way, which systemd learns of afterwards.
    do_as_root(
        "runuser -u postgres -- pg_ctlcluster $(pg_lsclusters --no-header | awk '{print $1, $2}') "
        "stop");
    EXPECT_TRUE(eventually([&] { return state_of(postgresql) == "inactive"; }))
        << state_of(postgresql);
    do_as_root("systemctl start " + postgresql);
    expect_recovery();
}

void expect_that_a_restart_mends_the_run_folder() {
    do_as_root("rm -r /run/coredepot");
    EXPECT_EQ(Machine::client().get("/health").status, 503) << "nothing was broken";
    do_as_root("systemctl restart coredepot.target");
    expect_recovery();
    auto client = Machine::client();
    EXPECT_GT(MetricsPage::of(client).responses("iot_upload_coredump", 201), 0);
    do_as_root("ls /run/coredepot/schema.lock");
}

void expect_that_counters_come_back() {
    const std::string folder = "/run/coredepot/metrics";
    const auto uploads = [] {
        auto client = Machine::client();
        return MetricsPage::of(client).responses("iot_upload_coredump", 201);
    };
    do_as_root("systemctl stop coredepot.target 'coredepot-*'");
    do_as_root(
        "mount -t tmpfs -o size=64k,mode=2770,uid=coredepot_writer,gid=coredepot_reader"
        " tmpfs " +
        folder + " && ! dd if=/dev/zero of=" + folder + "/everything 2>/dev/null");
    do_as_root("systemctl start coredepot.target");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    upload_crash();
    EXPECT_EQ(uploads(), 0) << "there is room";
    do_as_root("rm " + folder + "/everything");
    // By whichever processes uploads are taken, and the page is made.
    EXPECT_TRUE(eventually([&] {
        upload_crash();
        return uploads() > 1;
    }));
    do_as_root("systemctl stop coredepot.target 'coredepot-*'; umount " + folder +
               " && systemctl start coredepot.target");
    expect_recovery();
}

void expect_that_a_bad_configuration_holds_nothing_up() {
    const std::string good =
        machine().output_of("grep ^DATABASE_URL= /etc/coredepot/coredepot.env");
    set("DATABASE_URL", "mysql://nowhere");
    // 124 is timeout's.
    const auto restart = machine().run("timeout 120 systemctl restart coredepot.target");
    EXPECT_EQ(restart.status, 1) << restart.output;
    EXPECT_NE(machine().run("systemctl status coredepot-prepare").output.find("DATABASE_URL"),
              std::string::npos);

    machine().reboot();
    do_as_root("systemctl is-active multi-user.target nginx " + postgresql_unit());
    // Not the runners, which fail of it too when their timers come.
    EXPECT_EQ(
        machine().output_of("systemctl list-units --failed --plain --no-legend 'coredepot-*@*'"),
        "");
    EXPECT_EQ(state_of("coredepot-prepare.service"), "failed");
    // Not a silence: who gets it may try again.
    EXPECT_EQ(machine()
                  .run("curl -s -o /dev/null -w '%{http_code} %header{retry-after}' -d x"
                       " 'http://127.0.0.1:8080/api/iot/coredump?chip=esp32c3"
                       "&firmware_version=1.4.2'")
                  .output,
              "503 5");

    set("DATABASE_URL", good.substr(good.find('=') + 1));
    do_as_root("timeout 120 systemctl restart coredepot.target");
    expect_recovery();
}

void expect_turns(const std::string& line) {
    const auto all = handlers_that_run();
    auto reload = std::async(std::launch::async, [&] { return machine().run(line); });
    while (reload.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        EXPECT_EQ(handlers_that_run(), all);
    }
    expect_success(reload.get(), line);
}

}  // namespace coredepot::test
