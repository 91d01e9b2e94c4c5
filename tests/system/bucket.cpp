#include "system/bucket.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/s3_server.hpp"
#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

/// The text with what a sysadmin writes in place of the example's.
std::string with(std::string text, const std::string& example, const std::string& own) {
    const auto place = text.find(example);
    if (place == std::string::npos) {
        ADD_FAILURE() << "the runbook does not say " << example << ":\n" << text;
        return text;
    }
    return text.replace(place, example.size(), own);
}

/// The runbook's commands for this store.
std::string commands_for(const S3Server& store) {
    const auto settings = store.settings();
    auto commands = documented("runbook.md", "## Object storage");
    commands = with(commands, "https://store.example", settings.at("S3_ENDPOINT"));
    commands = with(commands, "S3_BUCKET=coredepot",
                    "S3_BUCKET=coredepot\nS3_PREFIX=" + settings.at("S3_PREFIX"));
    for (const std::string name : {"S3_SECRET_ACCESS_KEY=", "S3_ACCESS_KEY_ID="}) {
        commands = with(commands, name + "…", name + settings.at(name.substr(0, name.size() - 1)));
    }
    return commands;
}

void expect_download(std::int64_t coredump) {
    const auto dump =
        Machine::client().get(thermostat().path() + '/' + std::to_string(coredump) + "/download");
    EXPECT_EQ(dump.status, 200) << dump;
    EXPECT_EQ(dump.body, thermostat_file("coredump.bin"));
}

std::string files_in_folders() {
    return machine().output_of("find /var/lib/coredepot/coredumps/ -name '*.dmp' | wc -l");
}

}  // namespace

void expect_that_a_bucket_can_be_used_and_left() {
    S3Server store;  // on the machine's network, as this program is
    const auto before = upload_crash();
    const auto files_before = files_in_folders();

    do_as_root("cp -p /etc/coredepot/coredepot.env /root/without-bucket.env");
    const auto said = machine().output_of("set -e; " + commands_for(store));
    EXPECT_NE(said.find(R"("object_store":"ok")"), std::string::npos) << said;
    EXPECT_EQ(machine().output_of("stat -c '%a %U' /etc/coredepot/s3.env"), "600 root");
    const auto inside = upload_crash();
    EXPECT_EQ(store.keys().size(), 1U);
    EXPECT_EQ(files_in_folders(), files_before);
    EXPECT_TRUE(eventually([&] { return parse_status(inside) == "PARSED"; }));
    expect_download(before);
    expect_download(inside);

    // What a runner is decoding at that moment stays: run it once more.
    const auto move = [](const std::string& direction) {
        EXPECT_TRUE(eventually([&] {
            return machine().run("coredepot-run coredepot-migrate-objects " + direction).status ==
                   0;
        })) << direction;
    };
    move("--to-bucket");
    EXPECT_EQ(files_in_folders(), "0");
    expect_download(before);
    expect_success(machine().run("coredepot-run coredepot-fsck"), "coredepot-fsck");

    move("--to-folder");
    EXPECT_EQ(store.keys().size(), 0U);
    do_as_root(
        "mv /root/without-bucket.env /etc/coredepot/coredepot.env && rm /etc/coredepot/s3.env &&"
        " coredepot-setup </dev/null");
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    expect_download(before);
    expect_download(inside);
    expect_crash_is_parsed();
    expect_success(machine().run("coredepot-run coredepot-fsck"), "coredepot-fsck");
}

}  // namespace coredepot::test
