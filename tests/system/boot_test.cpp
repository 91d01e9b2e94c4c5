// The package on a booted Debian: what a sysadmin does to it, and what the machine does. The
// tests are one story, in this order.

#include <algorithm>
#include <future>
#include <iostream>
#include <utility>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/mail_server.hpp"
#include "support/metrics_page.hpp"
#include "support/process_list.hpp"
#include "system/addresses.hpp"
#include "system/bucket.hpp"
#include "system/doctor.hpp"
#include "system/healing.hpp"
#include "system/machine.hpp"
#include "system/replacement.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"
#include "system/versions.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kInstall =
    "apt-get install --yes --no-install-recommends -o Dpkg::Use-Pty=0 ";
constexpr const char* kReload = "systemctl reload 'coredepot-*@*'";

std::int64_t id_of(const HttpResponse& response) {
    EXPECT_EQ(response.status, 201) << response;
    return response.json().at("id").integer();
}

class Boot : public testing::Test {
  protected:
    void SetUp() override {
        started_ = machine().output_of("date +%s");
        if (!thermostat().key.empty()) {
            EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
        }
    }
    void TearDown() override {
        if (!HasFailure()) return;
        std::cout << machine()
                         .run(
                             "systemctl list-units --all 'coredepot*'; systemctl list-jobs;"
                             " journalctl --no-pager -o short -n 60 -p info --since=@" +
                             started_)
                         .output;
    }

  private:
    std::string started_;
};

TEST_F(Boot, TheUnitsAreGood) {
    do_as_root(kInstall + machine().package());
    const auto complaints = machine().run(
        "cd /usr/lib/systemd/system && for unit in coredepot*; do"
        "  systemd-analyze verify --man=no \"${unit/@./@1.}\" 2>&1; done");
    EXPECT_EQ(complaints.output, "");
    // What they name as their documentation is there, and not compressed.
    do_as_root("grep -ho 'file://[^ ]*' /usr/lib/systemd/system/coredepot* | cut -c8- | xargs ls");
    EXPECT_TRUE(machine().processes().empty()) << "nothing runs before it is set up";
}

TEST_F(Boot, SetupMakesARunningSystem) {
    // As .ci/deps installs PostgreSQL.
    do_as_root("pg_dropcluster --stop $(pg_lsclusters --no-header | awk '{print $1, $2}')");
    // What is said here is what people read.
    const auto said = machine().output_of("coredepot-setup </dev/null");
    EXPECT_NE(said.find("No tokens are checked"), std::string::npos) << said;
    std::size_t processes = 0;
    for (const auto& process : process_list()) {
        if (process.listens()) processes += std::stoul(process.processes);
    }
    EXPECT_EQ(machine().processes().size(), processes) << said;

    auto client = Machine::client();
    // The page, and what it cannot do without.
    const auto page = client.get("/");
    EXPECT_EQ(page.status, 200);
    const auto script = page.body.find("/assets/main-");
    ASSERT_NE(script, std::string::npos) << page;
    const auto name = page.body.substr(script, page.body.find('"', script) - script);
    EXPECT_EQ(client.get(name).status, 200) << name;

    const auto model =
        id_of(client.post("/api/device-models", R"({"code": "thermostat", "name": "Thermostat"})"));
    const auto device =
        client.post("/api/devices", R"({"device_model_id": )" + std::to_string(model) + "}");
    thermostat() = {id_of(device), device.json().at("key").text()};
}

TEST_F(Boot, SetupCanBeRunAgain) {
    do_as_root("systemctl disable --now coredepot-upload@8.service");
    const auto before = machine().processes();
    do_as_root("coredepot-setup </dev/null");
    EXPECT_TRUE(eventually([&] { return machine().processes().size() == before.size(); }));
    EXPECT_FALSE(machine().processes().contains("coredepot-upload@8.service"));
    do_as_root("systemctl enable --now coredepot-upload@8.service");
    EXPECT_EQ(Machine::client().get(thermostat().path()).status, 200);
}

TEST_F(Boot, SetupDecidesWhoChecksTokens) {
    const auto status = [](const std::string& path) { return Machine::client().get(path).status; };
    // 000 where nobody listens, or not yet.
    const auto over_tls = [](const std::string& path) {
        return machine()
            .run("curl -ks -o /dev/null -w '%{http_code}' https://127.0.0.1" + path)
            .output;
    };
    const auto refuses = [](const std::string& arguments) {
        return machine().run("coredepot-setup " + arguments + " </dev/null").status == 1;
    };
    // With the certificate that Debian makes for tests.
    const std::string site = " /etc/nginx/sites-available/coredepot";
    do_as_root(
        "mkdir /etc/coredepot/tls && cd /etc/coredepot/tls &&"
        " ln -s /etc/ssl/certs/ssl-cert-snakeoil.pem fullchain.pem &&"
        " ln -s /etc/ssl/private/ssl-cert-snakeoil.key privkey.pem &&"
        " sed -i 's,^#include,include,' " +
        site + " && systemctl reload nginx");
    EXPECT_TRUE(eventually([&] { return over_tls("/health") == "503"; })) << "closed";
    EXPECT_TRUE(refuses("")) << "open to the internet";
    EXPECT_EQ(status(thermostat().path()), 200);

    // Nobody is there, nor needed to turn away who has no token.
    const std::string issuer = "--oidc-issuer http://127.0.0.1:9";
    const auto said = machine().output_of("coredepot-setup " + issuer + " --oidc-client coredepot");
    EXPECT_EQ(said.find("No tokens are checked"), std::string::npos) << said;
    // From the moment on that it ends, whichever process it is that answers.
    for (int i = 0; i < 8; ++i) EXPECT_EQ(status(thermostat().path()), 401);
    EXPECT_EQ(status("/health"), 200);
    EXPECT_TRUE(eventually([&] { return over_tls(thermostat().path()) == "401"; }));

    // The key of sessions is for handlers, as whichever user they run, and not for nginx.
    do_as_root(
        "for user in coredepot_reader coredepot_writer; do"
        "  runuser -u $user -- test -r /etc/coredepot/session.keys; done &&"
        " ! runuser -u www-data -- test -r /etc/coredepot/session.keys");
    // A session handler that has it sends people to the issuer, if it only knew where.
    EXPECT_EQ(status("/session"), 200);
    EXPECT_EQ(status("/session/login"), 503);

    EXPECT_TRUE(refuses(issuer)) << "half an answer";
    EXPECT_TRUE(refuses("--oidc-issuer id.example/realms/fleet --oidc-client coredepot"));
    EXPECT_TRUE(refuses("--no-oidc"));
    set("OIDC_ENABLED", "false");
    EXPECT_NE(machine().run(kReload).status, 0);
    EXPECT_TRUE(refuses(""));
    do_as_root(
        "sed -i /^OIDC_ENABLED=/d /etc/coredepot/coredepot.env; ! ls /etc/coredepot/setup.env.*");
    do_as_root("coredepot-setup </dev/null");
    EXPECT_EQ(status(thermostat().path()), 401) << "what was said before holds";

    do_as_root("sed -i 's,^include.*/tls,#&,'" + site);
    set("OIDC_ENABLED", "true");
    EXPECT_TRUE(refuses("--no-oidc")) << "coredepot.env wins";
    set("OIDC_ISSUER_URL", "http://127.0.0.1:9");
    set("OIDC_CLIENT_ID", "coredepot");
    const auto file_says =
        machine().output_of("echo OIDC_ENABLED=false >/etc/coredepot/setup.env; coredepot-setup");
    EXPECT_EQ(file_says.find("No tokens are checked"), std::string::npos) << file_says;
    do_as_root("sed -i /^OIDC_/d /etc/coredepot/coredepot.env; coredepot-setup --no-oidc");
    for (int i = 0; i < 8; ++i) EXPECT_EQ(status(thermostat().path()), 200);
}

TEST_F(Boot, SetupNamesWhoHasAPort) {
    expect_that_taken_ports_are_named();
}

TEST_F(Boot, WhateverFillsTheQueueStartsTheRunner) {
    do_as_root("systemctl stop coredepot-parse.timer");
    const auto coredump = upload_crash();
    const auto becomes = [&](const std::string& status) {
        return eventually([&] { return parse_status(coredump) == status; });
    };
    EXPECT_TRUE(becomes("ERROR")) << "there is no firmware yet";
    auto client = Machine::client();
    EXPECT_EQ(client.post("/api/pipeline/models/thermostat/firmware", thermostat_bundle()).status,
              200);
    EXPECT_TRUE(becomes("PARSED"));
    const auto again =
        client.post(thermostat().path() + '/' + std::to_string(coredump) + "/reparse", "");
    EXPECT_EQ(again.json().at("parse_status").text(), "PENDING") << again;
    EXPECT_TRUE(becomes("PARSED"));
    do_as_root("systemctl start coredepot-parse.timer");
}

TEST_F(Boot, FilesComeFromNginx) {
    const auto coredump = upload_crash();
    auto client = Machine::client();
    const auto dump =
        client.get(thermostat().path() + '/' + std::to_string(coredump) + "/download");
    EXPECT_EQ(dump.status, 200) << dump;
    EXPECT_EQ(dump.body, thermostat_file("coredump.bin"));
    const auto image = client.get("/api/iot/firmware?device_key=" + thermostat().key);
    EXPECT_EQ(image.status, 200) << image;
    EXPECT_EQ(image.body, thermostat_file("thermostat.bin"));
    // Readers and writers count in one place.
    const auto page = MetricsPage::of(client);
    EXPECT_GT(page.responses("download_coredump", 200), 0);
    EXPECT_GT(page.responses("iot_upload_coredump", 201), 0);
}

TEST_F(Boot, WhoMayDoWhat) {
    const auto denied = [](const std::string& user, const std::string& what) {
        return machine().run("runuser -u " + user + " -- " + what).status != 0;
    };
    const std::string dumps = "/var/lib/coredepot/coredumps/";
    EXPECT_TRUE(denied("coredepot_reader", "touch " + dumps + "x"));
    EXPECT_TRUE(denied("coredepot_reader", "psql -c 'DELETE FROM coredumps' coredepot"));
    EXPECT_TRUE(denied("coredepot_writer", "psql -c 'DROP TABLE coredumps' coredepot"));
    EXPECT_TRUE(denied("coredepot_sidecar", "ls " + dumps));
    EXPECT_TRUE(denied("coredepot_sidecar", "touch /var/lib/coredepot/transfer/x"));
    EXPECT_TRUE(denied("coredepot_sidecar", "psql coredepot"));
    EXPECT_TRUE(denied("nobody", "ls " + dumps));
    EXPECT_TRUE(denied("nobody", "cat /etc/coredepot/coredepot.env"));
    EXPECT_TRUE(denied("www-data", "touch /run/coredepot/metrics/x"));
    EXPECT_FALSE(denied("www-data", "ls " + dumps));
}

TEST_F(Boot, MailTellsWhoWantsToKnow) {
    // On the machine's network, as this program is.
    const MailServer server;
    set("ALERT_SMTP_URL", server.url());
    set("ALERT_SMTP_TLS", "false");
    set("ALERT_MAIL_FROM", "depot@example.com");
    auto client = Machine::client();
    const auto target = id_of(client.post(
        "/api/alert-targets", R"({"name": "Team", "kind": "mail", "to": ["team@example.com"]})"));
    const auto path = "/api/alert-targets/" + std::to_string(target);
    EXPECT_EQ(client.post(path + "/test", "").status, 202);
    EXPECT_TRUE(eventually([&] { return server.read().starts_with("mails: 1\n"); }))
        << client.get(path + "/deliveries").body;
    EXPECT_NE(server.read().find("To: team@example.com\n"), std::string::npos) << server.read();
    EXPECT_EQ(client.del(path).status, 204);
    do_as_root("sed -i /^ALERT_/d /etc/coredepot/coredepot.env");
}

TEST_F(Boot, ACrashRestartsOnlyItsInstance) {
    const auto before = machine().processes();
    do_as_root("systemctl kill --signal=KILL 'coredepot-*@1.service'");
    const auto killed = [](std::map<std::string, int> of, bool which) {
        std::erase_if(
            of, [&](const auto& entry) { return entry.first.ends_with("@1.service") != which; });
        return of;
    };
    EXPECT_TRUE(eventually([&] {
        const auto now = machine().processes();
        return now.size() == before.size() && killed(now, true) != killed(before, true);
    }));
    EXPECT_EQ(killed(machine().processes(), false), killed(before, false));
    expect_crash_is_parsed();
}

TEST_F(Boot, WhenAllAreKilledAllComeBack) {
    replace_all("systemctl kill --signal=KILL 'coredepot-*@*.service'");
    expect_crash_is_parsed();
}

TEST_F(Boot, WhatItStandsOnComesBackWhenItIsKilled) {
    expect_that_what_is_killed_comes_back();
}

TEST_F(Boot, ARestartMendsTheRunFolder) {
    expect_that_a_restart_mends_the_run_folder();
}

TEST_F(Boot, CountersComeBackWhenThereIsRoom) {
    expect_that_counters_come_back();
}

TEST_F(Boot, AReloadBringsANewConfiguration) {
    set("MAX_COREDUMPS", "100000");
    set("UPLOAD_RATE_PER_MINUTE", "0");
    replace_all(kReload);
    replace_all_unnoticed([] { expect_turns(kReload); });
    set("MAX_COREDUMPS", "2");
    replace_all(kReload);
    upload_crash();
    EXPECT_EQ(Machine::client().get(thermostat().path()).json().at("count").integer(), 2);
    set("MAX_COREDUMPS", "100000");
    replace_all("systemctl reload coredepot.target");
}

TEST_F(Boot, AReloadWithABadConfigurationChangesNothing) {
    const auto before = machine().processes();
    set("MAX_COREDUMPS", "many");
    EXPECT_NE(machine().run(kReload).status, 0);
    EXPECT_NE(
        machine().output_of("journalctl -o cat -t coredepot-upload -n 50").find("MAX_COREDUMPS"),
        std::string::npos);
    // The decoder has no part in it, and takes its chance to be a new process.
    const auto handlers = [](std::map<std::string, int> of) {
        std::erase_if(
            of, [](const auto& entry) { return entry.first.starts_with("coredepot-sidecar"); });
        return of;
    };
    EXPECT_EQ(handlers(machine().processes()), handlers(before));

    // Nor is the runner, which cannot start, started again and again for an upload.
    upload_crash();
    EXPECT_TRUE(eventually([] {
        return machine()
                   .run(
                       "! ls /var/lib/coredepot/coredumps/.parse-wanted &&"
                       " systemctl is-failed coredepot-parse.service &&"
                       " test \"$(systemctl show -P SubState coredepot-parse.path)\" = waiting")
                   .status == 0;
    }));
    set("MAX_COREDUMPS", "100000");
}

TEST_F(Boot, SetupRemembersOtherPorts) {
    expect_that_other_ports_are_remembered();
}

TEST_F(Boot, IPv6IsEnough) {
    expect_that_ipv6_is_enough();
}

TEST_F(Boot, StopStopsEverything) {
    // A request starts a process, but not one of those that are about to stop.
    do_as_root(
        "systemd-run --quiet --unit=requests"
        " sh -c 'while curl -s http://127.0.0.1:8080/health; do :; done'");
    do_as_root("systemctl stop coredepot.target");
    // systemctl waits for the target, which tells the others.
    EXPECT_TRUE(eventually([] { return machine().runs_nothing(); }));
    do_as_root("systemctl stop requests.service");
    EXPECT_TRUE(machine().runs_nothing());
    EXPECT_EQ(machine().output_of("find /run/coredepot -name '*.sock'"), "");
    EXPECT_EQ(Machine::client().get("/health").status, 503);
    do_as_root("systemctl start coredepot.target");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    do_as_root("systemctl stop coredepot.target && systemctl start coredepot.target");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
}

TEST_F(Boot, TheSweepFindsNothingToMend) {
    do_as_root("systemctl start coredepot-sweep.service");
    expect_success(machine().run("coredepot-run coredepot-fsck"), "coredepot-fsck");
}

TEST_F(Boot, ABucketCanBeUsedAndLeft) {
    expect_that_a_bucket_can_be_used_and_left();
}

TEST_F(Boot, FoldersCanBeElsewhere) {
    do_as_root(documented("runbook.md", "\\*\\*Folders elsewhere"));
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_crash_is_parsed();
}

TEST_F(Boot, TheOwnerOfTheSchemaBacksUp) {
    // From a folder that is root's alone.
    do_as_root("cd /root; set -e; " + documented("backup.md", "## Backup"));
}

// Also into a folder that is mounted, as one is by now.
TEST_F(Boot, WhatWasBackedUpIsRestored) {
    const auto rows = [] {
        return machine().output_of(
            "runuser -u coredepot -- psql -XAtc 'SELECT id, filename FROM coredumps ORDER BY id'");
    };
    const auto before = rows();
    EXPECT_FALSE(before.empty());
    do_as_root("mv -T /backup/coredepot/2*Z /backup/coredepot/20261120T020000Z");
    do_as_root(documented("backup.md", "## Restore"));
    EXPECT_EQ(rows(), before);
    do_as_root("rm -r /srv/lost /backup");
    expect_crash_is_parsed();
}

TEST_F(Boot, BackupsAreMadeEachNightWhereSomebodySaysWhereTo) {
    expect_nightly_backups();
}

TEST_F(Boot, TheDoctorFindsWhatIsBrokenAndWhatMendsIt) {
    expect_findings_and_their_cures();
}

TEST_F(Boot, ARestartIsNotNoticed) {
    replace_all_unnoticed("systemctl restart coredepot.target");
    expect_crash_is_parsed();
}

TEST_F(Boot, ItInstallsWithoutPostgresql) {
    expect_that_it_installs_without_postgresql();
}

TEST_F(Boot, ANewHandlerGetsItsProcesses) {
    expect_that_a_new_handler_gets_its_processes();
}

/// Upgrades while a backup reads the database, which nothing of ours may end.
void upgrade_during_a_backup() {
    do_as_root(
        "systemd-run --quiet --uid=postgres --setenv=PGAPPNAME=nightly psql -c"
        " 'BEGIN; LOCK TABLE coredumps IN ACCESS SHARE MODE; SELECT pg_sleep(600)' coredepot");
    const std::string ends =
        "runuser -u postgres -- psql -XAtc \"SELECT pg_terminate_backend(pid)"
        " FROM pg_stat_activity WHERE application_name = 'nightly'\"";
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    const auto before = machine().processes();
    auto upgrade = std::async(std::launch::async, [] {
        return machine().run(kInstall + machine().upgrade() + " >/root/upgrade.log 2>&1");
    });
    EXPECT_TRUE(eventually([] {
        return machine().run("grep 'Waiting for others.*nightly' /root/upgrade.log").status == 0;
    }));
    EXPECT_EQ(machine().processes(), before) << "nothing is stopped yet";
    do_as_root(ends);
    expect_success(upgrade.get(), machine().run("cat /root/upgrade.log").output);
}

// A change of the schema that takes longer than an upload waits for the database is part of it.
TEST_F(Boot, AnUpgradeIsNotNoticed) {
    replace_all_unnoticed(upgrade_during_a_backup, Load::Spooling::WhereTheDatabaseIsAway);
    EXPECT_NE(machine().output_of("dpkg-query -W -f '${Version}' coredepot").find("+upgrade"),
              std::string::npos);
    do_as_root("runuser -u coredepot_reader -- psql -c 'SELECT upgraded FROM coredumps' coredepot");
    expect_crash_is_parsed();
}

TEST_F(Boot, AnOlderVersionIsInstalledAgain) {
    expect_that_there_is_a_way_back();
}

TEST_F(Boot, ABadConfigurationHoldsNothingUp) {
    expect_that_a_bad_configuration_holds_nothing_up();
}

TEST_F(Boot, ARebootLosesNothing) {
    const auto coredump = upload_crash();
    machine().reboot();
    EXPECT_TRUE(eventually([] { return Machine::client().get("/health").status == 200; }));
    EXPECT_TRUE(eventually([&] { return parse_status(coredump) == "PARSED"; }));
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    EXPECT_EQ(machine().output_of("systemctl --failed --no-legend"), "");
}

TEST_F(Boot, RemovedItKeepsItsDataAndInstalledAgainItGoesOn) {
    const auto coredump = upload_crash();
    do_as_root("apt-get remove --yes coredepot");
    EXPECT_TRUE(machine().runs_nothing());
    do_as_root("nginx -t");
    do_as_root(kInstall + machine().upgrade());
    // nginx has been told of the site, and takes a moment.
    do_as_root(
        "curl -sS -o /dev/null --retry 60 --retry-delay 1 --retry-connrefused"
        " http://127.0.0.1:8080/health");
    EXPECT_TRUE(eventually([&] { return parse_status(coredump) == "PARSED"; }));
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    // A site that somebody has disabled stays so.
    do_as_root(
        "rm /etc/nginx/sites-enabled/coredepot &&"
        " /var/lib/dpkg/info/coredepot.postinst configure 0.1.0 &&"
        " ! ls /etc/nginx/sites-enabled/coredepot");
}

TEST_F(Boot, PurgedItIsGone) {
    const auto key = std::exchange(thermostat(), {}).key;
    do_as_root("apt-get purge --yes coredepot </dev/null");
    // But for what is mounted, which may be others' too.
    do_as_root("ls /srv/coredumps/" + key + "/*.dmp >/dev/null");
    do_as_root(
        "umount /var/lib/coredepot/coredumps && rm -r /srv/coredumps &&"
        " rmdir /var/lib/coredepot/coredumps /var/lib/coredepot &&"
        " sed -i '\\,^/srv/coredumps,d' /etc/fstab && systemctl daemon-reload");
    EXPECT_EQ(
        machine().output_of("find / -xdev \\( -path /proc -o -path /opt -o -path /var/log/journal"
                            " -o -path /var/lib/apt -o -path /var/cache/apt \\) -prune"
                            " -o -iname '*coredepot*' -print"),
        "");
    EXPECT_EQ(
        machine().output_of("runuser -u postgres -- psql -XAtc \"SELECT datname FROM pg_database"
                            " WHERE datname = 'coredepot' UNION SELECT rolname FROM pg_roles"
                            " WHERE rolname LIKE 'coredepot%'\""),
        "");
    EXPECT_EQ(machine().output_of("systemctl list-units --all --plain --no-legend 'coredepot*'"),
              "");
    do_as_root("nginx -t && systemctl is-active nginx");
}

}  // namespace
}  // namespace coredepot::test
