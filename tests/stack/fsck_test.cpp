// fsck beside uploads: it leaves alone what goes on.

#include <regex>

#include <gtest/gtest.h>

#include "backup.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

TEST(Fsck, ShowsOnATerminalHowFarItIs) {
    upload(make_device(), "one");
    const auto fsck = std::string(COREDEPOT_BUILD_DIR) + "/handlers/coredepot-fsck";
    const auto shown = run({"/usr/bin/script", "-qec", fsck, "/dev/null"}).output;
    EXPECT_TRUE(std::regex_search(shown, std::regex(R"(1 of [\d,]+ core dumps)"))) << shown;
    EXPECT_EQ(run({fsck}).output.find("\033[K"), std::string::npos);
}

TEST(Fsck, LeavesAloneWhatGoesOnAndFindsWhatIsWrong) {
    const auto fsck = [](const std::vector<std::string>& arguments) {
        return run(fsck_command(arguments));
    };
    const auto device = make_device();
    {
        BusyDevices uploads({device, make_device(device.model)});
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(fsck({"--repair", "--settle", "0"}).status, 0);
        }
        EXPECT_FALSE(uploads.accepted().empty());
    }
    for (const auto& [name, bytes] : files_in(device.folder())) EXPECT_NE(bytes, "") << name;
    EXPECT_EQ(files_in(device.folder()).size(), rows_of(device).size());

    const auto orphan = device.folder() / "coredump_20200101T000000_000000Z.dmp";
    write_file(orphan, "no row names it, and it tells nothing");
    const auto found = fsck({"--age", "0"});
    EXPECT_EQ(found.status, 4);
    EXPECT_EQ(found.output, "file without row: " + orphan.string() + '\n');
    EXPECT_EQ(fsck({"--age", "0", "--settle", "0", "--repair"}).status, 4);
    EXPECT_FALSE(fs::exists(orphan));
    const auto aside =
        stack().coredumps_dir() / ".quarantine" / (device.key + '-' + orphan.filename().string());
    EXPECT_EQ(read_bytes(aside), "no row names it, and it tells nothing");
    fs::remove(aside);
    EXPECT_EQ(fsck({"--age", "0"}).status, 0);
    EXPECT_EQ(fsck({"--nonsense"}).status, 16);
    EXPECT_EQ(run("postgresql://x@127.0.0.1:1/x", stack().coredumps_dir(), stack().assets_dir(),
                  fsck_command({}))
                  .status,
              8);
}

}  // namespace
