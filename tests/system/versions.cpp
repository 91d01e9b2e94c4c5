#include "system/versions.hpp"

#include <gtest/gtest.h>

#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kInstall =
    "apt-get install --yes --no-install-recommends --allow-downgrades --reinstall"
    " -o Dpkg::Use-Pty=0 ";

void expect_configured() {
    EXPECT_EQ(machine().output_of("dpkg-query -W -f '${db:Status-Abbrev}' coredepot"), "ii ");
}

bool has_column_of_upgrade() {
    return machine()
               .run(
                   "runuser -u coredepot -- psql -c 'SELECT upgraded FROM coredumps LIMIT 1'"
                   " coredepot")
               .status == 0;
}

}  // namespace

void expect_that_it_installs_without_postgresql() {
    do_as_root("systemctl stop " + postgresql_unit());
    const auto said = machine().output_of(kInstall + machine().package() + " 2>&1");
    EXPECT_NE(said.find("coredepot-migrate --restart"), std::string::npos) << said;
    expect_configured();
    const auto spooled = Machine::client().post(
        "/api/iot/coredump?chip=esp32c3&firmware_version=1.4.2&device_key=" + thermostat().key,
        "a core dump");
    EXPECT_EQ(spooled.status, 202) << spooled;
    do_as_root("systemctl start " + postgresql_unit() + " && coredepot-migrate --restart");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
}

void expect_that_a_new_handler_gets_its_processes() {
    do_as_root("systemctl disable --now --quiet coredepot-list@4");
    // As a version has it that did not know reparse.
    do_as_root(
        "cd /lib/systemd/system && systemctl disable --now --quiet coredepot-reparse@{1,2} &&"
        " systemctl stop coredepot-reparse.socket &&"
        " rm coredepot-reparse.socket coredepot-reparse@.service && systemctl daemon-reload");
    do_as_root(kInstall + machine().package());
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    const auto processes = machine().processes();
    EXPECT_TRUE(processes.contains("coredepot-reparse@1.service"));
    EXPECT_TRUE(processes.contains("coredepot-reparse@2.service"));
    EXPECT_FALSE(processes.contains("coredepot-list@4.service")) << "somebody has decided that";
    do_as_root("systemctl enable --now --quiet coredepot-list@4");
}

void expect_that_there_is_a_way_back() {
    const auto said = machine().output_of(kInstall + machine().package() + " 2>&1");
    EXPECT_NE(said.find("The way back"), std::string::npos) << said;
    expect_configured();
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
    EXPECT_TRUE(has_column_of_upgrade());

    do_as_root(kInstall + machine().upgrade());
    do_as_root("set -e; cp " + machine().package() +
               " /root/coredepot_0.1.0_amd64.deb; cd /root; " +
               documented("runbook.md", "\\*\\*The way back"));
    do_as_root("rm /root/coredepot_0.1.0_amd64.deb");
    expect_configured();
    EXPECT_FALSE(has_column_of_upgrade());
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
    do_as_root(kInstall + machine().upgrade());
    EXPECT_TRUE(has_column_of_upgrade());
}

}  // namespace coredepot::test
