#include "system/doctor.hpp"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "support/metrics_page.hpp"
#include "system/machine.hpp"
#include "system/sysadmin.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kLastBackup = "coredepot_last_backup_timestamp_seconds";

/// What the doctor says; `status` is what it has to end with.
std::string said(int status, const std::string& as = "") {
    const auto result = machine().run(as + "coredepot-doctor");
    EXPECT_EQ(result.status, status) << result.output;
    return result.output;
}

/// The line of a check, if this is the verdict; else "".
std::string line_of(const std::string& text, const std::string& verdict, const std::string& check) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(verdict + ' ') && line.find(' ' + check + ' ') != std::string::npos) {
            return line;
        }
    }
    return "";
}

void expect_line(const std::string& text, const std::string& verdict, const std::string& check) {
    EXPECT_NE(line_of(text, verdict, check), "") << verdict << ' ' << check << " is not in\n"
                                                 << text;
}

/// Types what the doctor says after the arrow.
void take_advice(const std::string& text, const std::string& check) {
    const auto line = line_of(text, "broken", check);
    const auto arrow = line.find("  ->  ");
    ASSERT_NE(arrow, std::string::npos) << check << " is not broken in\n" << text;
    do_as_root(line.substr(arrow + 6));
}

}  // namespace

void expect_nightly_backups() {
    // Of what the tests before this one broke.
    do_as_root("truncate -s 0 /var/log/nginx/error.log");
    do_as_root(
        "systemctl start coredepot-backup.service && ! systemctl is-failed coredepot-backup");
    auto client = Machine::client();
    EXPECT_FALSE(MetricsPage::of(client).has(kLastBackup));
    expect_line(said(1), "look", "backup");

    do_as_root("install -d -o coredepot -g coredepot -m 0700 /backup/coredepot");
    do_as_root(documented("backup.md", "### Every night"));
    do_as_root(
        "ls /backup/coredepot/*Z/database /backup/coredepot/*Z/coredumps/*/*.dmp >/dev/null");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    EXPECT_GT(MetricsPage::of(client).at(kLastBackup), 1e9);
    const auto well = said(0);
    expect_line(well, "ok", "backup");
    EXPECT_EQ(well.find("->"), std::string::npos) << well;
    do_as_root("systemctl list-timers coredepot-backup.timer | grep -q coredepot-backup.service");
    // Everybody may ask; nobody is told what is not theirs to know, and it is said that there is
    // more.
    const auto to_nobody = said(1, "runuser -u nobody -- ");
    expect_line(to_nobody, "ok", "ports");
    expect_line(to_nobody, "unknown", "configuration");
}

void expect_findings_and_their_cures() {
    do_as_root(
        "chmod 0700 /run/coredepot/metrics; rm -r /var/lib/coredepot/backup;"
        " systemctl stop coredepot-sidecar.socket 'coredepot-sidecar@*'; systemctl stop nginx");
    const auto ill = said(2);
    for (const auto* check : {"folders", "units", "sidecar", "ports"}) {
        expect_line(ill, "broken", check);
    }
    expect_line(ill, "broken", "backup");
    take_advice(ill, "folders");
    take_advice(ill, "ports");
    take_advice(ill, "units");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    do_as_root("systemctl start coredepot-backup; truncate -s 0 /var/log/nginx/error.log");
    said(0);

    // A secret is in none of it.
    const std::string env = "/etc/coredepot/coredepot.env";
    do_as_root("cp -a " + env + " /root/env");
    set("DATABASE_URL", "postgresql://coredepot_writer:hunter2@127.0.0.1:9/coredepot");
    set("MAX_COREDUMPS", "many");
    const auto secretive = said(2);
    expect_line(secretive, "broken", "configuration");
    EXPECT_EQ(secretive.find("hunter2"), std::string::npos) << secretive;
    do_as_root("cp -a /root/env " + env + " && sed -i /^BACKUP_DIR=/d " + env +
               " && rm -r /root/env /backup");
    do_as_root("systemctl reload 'coredepot-*@*'");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
}

}  // namespace coredepot::test
