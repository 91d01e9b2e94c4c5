// coredepot-doctor in a root of its own, where everything is well until a test breaks it. What it
// asks that is not there (systemd, nginx, PostgreSQL) are small scripts; the boot test has the real
// ones.

#include <map>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/command.hpp"
#include "support/fake_issuer.hpp"
#include "support/json_value.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDoctor = COREDEPOT_BUILD_DIR "/systemd/tools/coredepot-doctor";
constexpr const char* kWell =
    R"({"status":"ok","database":"ok","coredumps_dir":"ok","spool":"empty","quarantine":"empty",)"
    R"("assets_dir":"ok","tokens":"not checked","retention":"not configured","alerts":"none",)"
    R"("state_dir":"not configured","object_store":"not configured",)"
    R"("sidecar":"not configured","version":"1"})";
constexpr const char* kMetrics =
    "coredepot_spool_files 0\ncoredepot_quarantine_files 0\n"
    "coredepot_oldest_pending_age_seconds 3\ncoredepot_sidecar_configured 1\n";
constexpr const char* kOurs = "X-Request-Id: 1\r\nContent-Type: application/json\r\n";

std::string shell(const std::string& line) {
    const auto result = run_command({"/bin/bash", "-c", line});
    EXPECT_EQ(result.status, 0) << line << '\n' << result.output;
    return result.output;
}

class Doctor : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "NOT ROOT: the doctor would see nothing";
        lay_out();
        fake("coredepot-run", "set -a; . " + (etc() / "coredepot.env").string() + "; exec \"$@\"");
        fake("systemctl",
             "case $* in"
             " list-units*) cat " +
                 (root() / "failed").string() +
                 ";;"
                 " show*) echo coredepot-upload@1.service coredepot-upload.socket;;"
                 " is-active*) shift; for unit; do echo active; done;; esac");
        fake("nginx", "case $1 in -T) cat " + (root() / "nginx.conf").string() + ";; esac");
        fake("systemd-detect-virt", "exit 0");
        // The database, and Sqitch.
        fake("runuser", "case $* in *sqitch*) echo 'Nothing to deploy';; *) date +%s%N;; esac");
        web_.answer("/health", 200, kWell, kOurs);
        web_.answer("/metrics", 200, kMetrics);
        web_.answer("/parse-coredump", 400, "{}");
        issuer_.answer(FakeIssuer::kDiscovery, 200,
                       R"({"issuer": ")" + issuer_.url() + R"(", "jwks_uri": ")" + issuer_.url() +
                           FakeIssuer::kJwks + "\"}");
        issuer_.publish(R"({"keys": [{"kty": "RSA"}]})");
        write_file(root() / "failed", "");
        write_file(root() / "nginx.conf",
                   "http {\nerror_log /var/log/nginx/error.log;\nserver { listen " +
                       web_.url().substr(7) +
                       ";\ninclude /usr/share/coredepot/nginx/locations.conf;\n}\n"
                       "#include /x/tls.conf;\n}\n");
        configure("DATABASE_URL", "postgresql://writer:hunter2@db/coredepot");
        configure("PARSE_SIDECAR_URL", web_.url());
        configure("ASSETS_DIR", state() / "assets");
        configure("COREDUMPS_DIR", state() / "coredumps");
        configure("OIDC_ENABLED", "true");
        configure("OIDC_ISSUER_URL", issuer_.url());
        configure("OIDC_CLIENT_ID", "coredepot");
        configure("SESSION_KEY_FILE", keys());
        write_file(keys(), "k AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n");
        // Where Coredepot is installed its group has to be able to read it.
        shell("chmod 0640 " + keys().string() +
              "; ! getent group coredepot_reader || chgrp coredepot_reader " + keys().string());
        configure("BACKUP_DIR", root() / "backups");
        fs::create_directories(root() / "backups" / "20261120T020000Z");
        write_file(state() / "backup" / "last-good", "");
    }

    const fs::path& root() const { return root_.path(); }
    fs::path etc() const { return root() / "etc/coredepot"; }
    fs::path state() const { return root() / "var/lib/coredepot"; }
    fs::path tls() const { return etc() / "tls"; }
    fs::path keys() const { return etc() / "session.keys"; }

    void configure(const std::string& name, const std::string& value) {
        settings_[name] = value;
        std::string lines;
        for (const auto& [key, text] : settings_) lines += key + "='" + text + "'\n";
        write_file(etc() / "coredepot.env", lines);
    }

    void fake(const std::string& name, const std::string& body) {
        write_file(root() / "bin" / name, "#!/bin/bash\n" + body + '\n');
        fs::permissions(root() / "bin" / name, fs::perms::owner_all);
    }

    /// With the TLS server in nginx's configuration, and a certificate that is good for `days`.
    void make_certificate(int days) {
        write_file(root() / "nginx.conf",
                   content_of(root() / "nginx.conf") + "# configuration file /x/tls.conf:\n");
        write_file(etc() / "tokens-checked.conf", "");
        fs::create_directories(tls());
        shell("cd " + tls().string() +
              " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
              " -subj /CN=depot -days " +
              std::to_string(days) +
              " -keyout privkey.pem -out fullchain.pem 2>/dev/null && chmod 0600 privkey.pem");
    }

    CommandResult run(const std::vector<std::string>& arguments = {}) const {
        std::vector<std::string> command = {"/usr/bin/env", "COREDEPOT_ROOT=" + root().string(),
                                            "PATH=" + (root() / "bin").string() + ":/usr/bin:/bin",
                                            kDoctor};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_command(command);
    }

    /// The line of a check, with one blank between its columns.
    std::string line_of(const std::string& check) const {
        const auto result = run();
        std::istringstream lines(result.output);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream columns(line);
            std::string verdict;
            std::string name;
            columns >> verdict >> name;
            if (name == check) return line;
        }
        return "no such line in " + result.output;
    }
    void expect(const std::string& check, const std::string& verdict,
                const std::string& what) const {
        const auto line = line_of(check);
        EXPECT_TRUE(line.starts_with(verdict + ' ')) << line;
        EXPECT_NE(line.find(what), std::string::npos) << line;
        EXPECT_EQ(line.find("  ->  ") == std::string::npos, verdict == "ok") << line;
    }

    FakeIssuer web_;
    FakeIssuer issuer_;

  private:
    /// Folders as tmpfiles.d has them here, and the doctor's own parts where it looks for them.
    void lay_out() {
        const auto lib =
            root().string() + shell(R"(sed -n 's/^lib=$root//p' )" + std::string(kDoctor));
        shell("lib=$(echo " + lib + ") && mkdir -p \"$lib\" " + (root() / "bin").string() +
              " && ln -s " COREDEPOT_BUILD_DIR "/systemd/tools/doctor " COREDEPOT_BUILD_DIR
              "/systemd/tools/as_owner.sh " COREDEPOT_BUILD_DIR
              "/handlers/check_config " COREDEPOT_BUILD_DIR
              "/handlers/connection_part " COREDEPOT_SOURCE_DIR
              "/systemd/check_attributes " COREDEPOT_SOURCE_DIR
              "/systemd/our_addresses \"$lib\" && mkdir -p \"${lib%/lib*}/share/coredepot/sql\"");
        std::string folders;
        for (const auto* name : {"coredumps", "assets", "transfer", "backup"}) {
            fs::create_directories(state() / name);
            fs::permissions(state() / name, fs::perms(0750));
            folders += "d /var/lib/coredepot/" + std::string(name) + "  0750  root root\n";
        }
        write_file(root() / "usr/lib/tmpfiles.d/coredepot.conf", "# comment\n" + folders);
        write_file(root() / "etc/systemd/system/multi-user.target.wants/coredepot.target", "");
        write_file(root() / "var/log/nginx/error.log", "");
        fs::create_directories(root() / "run/systemd/system");
    }

    TemporaryFolder root_;
    std::map<std::string, std::string> settings_;
};

TEST_F(Doctor, FindsNothingWhereAllIsWell) {
    const auto result = run();
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(result.output.find("->"), std::string::npos) << result.output;
    EXPECT_EQ(run({"--nonsense"}).status, 64);
}

TEST_F(Doctor, NamesABadConfigurationAndNoSecret) {
    configure("MAX_COREDUMPS", "many");
    expect("configuration", "broken", "MAX_COREDUMPS must be");
    const auto result = run();
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.output.find("hunter2"), std::string::npos) << result.output;
}

TEST_F(Doctor, NamesUnitsThatFail) {
    write_file(root() / "failed", "coredepot-upload@3.service loaded activating auto-restart x\n");
    expect("failed-units", "broken", "journalctl -n 20 -u coredepot-upload@3.service");
    fs::remove(root() / "etc/systemd/system/multi-user.target.wants/coredepot.target");
    expect("units", "broken", "coredepot-setup");
}

TEST_F(Doctor, NamesFoldersThatAreGoneOrOthers) {
    fs::permissions(state() / "assets", fs::perms(0755));
    fs::remove(state() / "transfer");
    const auto line = line_of("folders");
    EXPECT_TRUE(line.starts_with("broken")) << line;
    EXPECT_NE(line.find("/var/lib/coredepot/assets is 755 root root, not 0750 root root"),
              std::string::npos)
        << line;
    EXPECT_NE(line.find("/var/lib/coredepot/transfer is missing"), std::string::npos) << line;
    EXPECT_NE(line.find("systemd-tmpfiles --create coredepot.conf"), std::string::npos) << line;
}

TEST_F(Doctor, SaysWhoAnswersAtOurPorts) {
    web_.answer("/health", 404, "another program's");
    expect("ports", "broken", "another program answers at");
    web_.go_down();
    expect("ports", "broken", "nobody answers at " + web_.url().substr(7));
    expect("sidecar", "broken", "systemctl restart 'coredepot-sidecar*'");
    expect("health", "unknown", "nobody answers");
    web_.come_back();
}

TEST_F(Doctor, PassesOnWhatTheServiceFindsAmiss) {
    web_.answer("/health", 503,
                R"({"status":"unavailable","database":"ok","coredumps_dir":"out of inodes"})",
                kOurs);
    expect("health", "broken", "coredumps_dir is out of inodes");
    web_.answer("/health", 200, R"({"status":"ok","alerts":"failing"})", kOurs);
    expect("health", "look", "alerts is failing  ->  see what came of them");
    web_.answer("/health", 200, R"({"status":"ok","retention":"unmet"})", kOurs);
    expect("health", "look", "retention is unmet  ->  give the volume more room");
    web_.answer("/health", 200, R"({"status":"degraded","object_store":"unavailable"})", kOurs);
    expect("health", "look", "object_store is unavailable");
    web_.answer("/metrics", 200,
                "coredepot_spool_files 3\ncoredepot_quarantine_files 2\n"
                "coredepot_oldest_pending_age_seconds 4000\ncoredepot_sidecar_configured 1\n");
    expect("spool", "look", "3 core dumps wait");
    expect("quarantine", "look", "2 core dumps");
    expect("queue", "look", "66 minutes");
}

// Of what a client sent nothing is shown.
TEST_F(Doctor, ShowsNginxsErrorsWithoutWhatClientsSent) {
    const auto now = shell("date '+%Y/%m/%d %H:%M:%S'").substr(0, 19);
    write_file(
        root() / "var/log/nginx/error.log",
        "2001/01/01 00:00:00 [crit] 1#1: long ago\n" + now + " [info] 1#1: nothing\n" + now +
            " [error] 1#1: *7 client sent invalid header line: \"authorization: hunter2\"\x1b[2J"
            " while reading /x?device_key=hunter2, client: 192.0.2.1, request: \"GET hunter2\"\n");
    expect("nginx-errors", "look", "1 in the last 24 hours");
    const auto line = line_of("nginx-errors");
    EXPECT_NE(line.find("client sent invalid header line"), std::string::npos) << line;
    EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
}

TEST_F(Doctor, LooksAtCertificateAndKey) {
    // Eight whole days, or nine within the certificate's first second.
    make_certificate(9);
    const auto line = line_of("certificate");
    EXPECT_TRUE(std::regex_search(line, std::regex("^look .* expires in [89] days  ->  "))) << line;
    expect("key", "ok", "belongs to the certificate");
    fs::permissions(tls() / "privkey.pem", fs::perms(0644));
    expect("key", "look", "chmod o= ");
    shell("openssl genpkey -algorithm ed25519 >" + (tls() / "privkey.pem").string());
    expect("key", "broken", "does not belong to the certificate");
    write_file(tls() / "fullchain.pem", "rubbish");
    expect("certificate", "broken", "is not a certificate");
    fs::remove(tls() / "fullchain.pem");
    expect("certificate", "broken", "there is no ");
}

TEST_F(Doctor, ComparesTokensWithWhatOpensTheTlsServer) {
    expect("tokens", "ok", "are checked");
    make_certificate(90);
    expect("tokens", "ok", "are checked");
    configure("OIDC_ENABLED", "false");
    expect("tokens", "broken", "handlers do not start");
    configure("OIDC_ENABLED", "true");
    fs::remove(etc() / "tokens-checked.conf");
    expect("tokens", "broken", "the TLS server is closed");
}

TEST_F(Doctor, AsksTheIssuer) {
    expect("issuer", "ok", "answers and has keys");
    issuer_.publish(R"({"keys": []})");
    expect("issuer", "broken", "there are no keys");
    issuer_.answer(FakeIssuer::kJwks, 500, "");
    expect("issuer", "broken", "its keys at");
    configure("OIDC_ISSUER_URL", issuer_.url() + "/");
    expect("issuer", "broken", "has another name for itself");
    issuer_.go_down();
    expect("issuer", "broken", "curl -v");
    issuer_.come_back();
}

TEST_F(Doctor, LooksAtTheKeyOfSessions) {
    expect("login", "ok", "people can log in");
    fs::permissions(keys(), fs::perms(0644));
    expect("login", "broken", "everybody can read");
    fs::permissions(keys(), fs::perms(0640));
    shell("echo rubbish >>" + keys().string());
    expect("login", "broken", "is not one or two lines");
    fs::remove(keys());
    expect("login", "broken", "coredepot-session-key");
    configure("OIDC_ENABLED", "false");
    EXPECT_TRUE(line_of("login").starts_with("no such line"));
}

TEST_F(Doctor, KnowsHowOldTheLastBackupIs) {
    expect("backup", "ok", "0 hours old");
    shell("touch -d '3 days ago' " + (state() / "backup/last-good").string());
    expect("backup", "broken", "72 hours old");
    write_file(state() / "backup" / "last-good", "x");
    fs::remove_all(root() / "backups");
    expect("backup", "broken", "there is no snapshot in");
    fs::remove(state() / "backup" / "last-good");
    expect("backup", "broken", "there is none yet");
    configure("BACKUP_DIR", "");
    expect("backup", "look", "none are made");
    EXPECT_EQ(run().status, 1);
}

TEST_F(Doctor, TriesWhetherTheFileSystemKeepsAttributes) {
    expect("attributes", "ok", "keeps them");
    EXPECT_TRUE(fs::is_empty(state() / "coredumps")) << "something is left";
    const auto folder = (state() / "coredumps").string();
    if (run_command({"/bin/mount", "-t", "ramfs", "ramfs", folder}).status != 0) {
        GTEST_SKIP() << "NO MOUNTS HERE";
    }
    expect("attributes", "look", "keeps none");
    shell("umount " + folder + " && rmdir " + folder);
    expect("attributes", "broken", "nothing can be made");
}

TEST_F(Doctor, ComparesClocksAndSchema) {
    fake("runuser",
         "case $* in *sqitch*) echo 'Undeployed change';; *) date -d '-1 minute' +%s%N;; esac");
    expect("database-clock", "look", "s behind this machine's");
    expect("schema", "broken", "coredepot-migrate");
    fake("runuser", "echo 'psql: no connection' >&2; exit 2");
    expect("database", "broken", "no connection");
}

TEST_F(Doctor, SpeaksJson) {
    configure("BACKUP_DIR", "");
    std::istringstream lines(run({"--json"}).output);
    std::map<std::string, std::string> verdicts;
    for (std::string line; std::getline(lines, line);) {
        const auto check = JsonValue::parse(line);
        verdicts[check.at("check").text()] = check.at("verdict").text();
        EXPECT_FALSE(check.at("found").text().empty());
        EXPECT_EQ(check.at("advice").text().empty(), check.at("verdict").text() == "ok");
    }
    EXPECT_EQ(verdicts["backup"], "look");
    EXPECT_EQ(verdicts["ports"], "ok");
    EXPECT_GT(verdicts.size(), 15U);
}

// What is everybody's to see is seen, and of the rest it is said that it was not.
TEST_F(Doctor, SaysWhatAnOrdinaryUserCannotSee) {
    shell("chmod -R a+rX " + root().string());
    const auto result = run_command({"/usr/bin/env", "COREDEPOT_ROOT=" + root().string(),
                                     "PATH=/usr/bin:/bin", "/usr/bin/setpriv", "--reuid=65534",
                                     "--regid=65534", "--clear-groups", kDoctor});
    EXPECT_NE(result.status, 0);
    EXPECT_NE(result.output.find("only root can check  ->  sudo coredepot-doctor"),
              std::string::npos)
        << result.output;
    EXPECT_EQ(result.output.find("enied"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace coredepot::test
