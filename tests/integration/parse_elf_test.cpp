// The ELF of the version that a device said: from its bundle, if there is a good one, and unpacked
// once.

#include <mutex>
#include <set>

#include <sys/stat.h>

#include "parse_runner_test.hpp"
#include "support/firmware.hpp"
#include "support/parallel.hpp"

namespace coredepot {
namespace {

using test::ParseRunnerTest;
using Names = std::vector<std::string>;

std::uintmax_t inode_of(const std::filesystem::path& path) {
    struct stat stat {};
    if (::stat(path.c_str(), &stat) != 0) throw std::runtime_error("no " + path.string());
    return stat.st_ino;
}

TEST_F(ParseRunnerTest, WithoutABundleItIsAnErrorAtOnce) {
    const auto id = add_dump(1, "9.9");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: firmware ZIP not found for a version 9.9");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, ACorruptBundleIsAnErrorAtOnce) {
    const auto whole = test::zip(test::bundle_entries("a", "2.0", std::string(5000, 'x')));
    for (const auto& bytes : {std::string(), std::string("not a zip"), whole.substr(0, 300)}) {
        put_bundle("2.0", bytes);
        const auto id = add_dump(static_cast<std::int64_t>(bytes.size()) + 1, "2.0");
        EXPECT_EQ(drain(), 1U);
        EXPECT_EQ(status(id), "ERROR");
        EXPECT_TRUE(
            output(id).starts_with("Unable to parse coredump: firmware ZIP for a version "
                                   "2.0"))
            << output(id);
        EXPECT_EQ(attempts(id), "0");
    }
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, ADamagedElfIsAnErrorAtOnce) {
    // Stored, not packed, so that the bytes can be found; the checksum no longer fits.
    auto bytes = test::zip({{"a.elf", "0123456789"}});
    const auto at = bytes.find("0123456789");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 'x';
    put_bundle("2.0", bytes);
    const auto id = add_dump(1, "2.0");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(output(id),
              "Unable to parse coredump: firmware ZIP for a version 2.0: a.elf is damaged");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, ABundleWithoutTheElf) {
    put_bundle("2.0", test::zip(test::without(test::bundle_entries("a", "2.0"), "a.elf")));
    const auto id = add_dump(1, "2.0");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(output(id),
              "Unable to parse coredump: firmware ZIP for a version 2.0: it has no a.elf");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, TwoVersionsOfOneModelAtOnce) {
    add_bundle("2.0", "another ELF");
    std::map<std::string, std::string> elf_of_core;
    sidecar_.on_request(
        [&](const std::string& target) { elf_of_core[staged_core(target)] = staged_elf(target); });
    add_dump(1, "1.0", "one");
    add_dump(2, "2.0", "two");
    add_dump(3, "1.0", "three");
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(elf_of_core, (std::map<std::string, std::string>{
                               {"one", "an ELF"}, {"two", "another ELF"}, {"three", "an ELF"}}));
}

TEST_F(ParseRunnerTest, AnElfIsUnpackedOnceAndLinkedForEachDump) {
    std::set<std::uintmax_t> inodes;
    sidecar_.on_request([&](const std::string& target) {
        inodes.insert(inode_of(xfer_ / test::target_parameter(target, "elf")));
    });
    for (const int at : {1, 2}) add_dump(at);
    EXPECT_EQ(drain(), 2U);
    add_dump(3);
    EXPECT_EQ(drain(), 1U);  // another runner
    EXPECT_EQ(inodes.size(), 1U);
}

TEST_F(ParseRunnerTest, ABundleThatWasReplacedGivesItsOwnElf) {
    Names elves;
    sidecar_.on_request([&](const std::string& target) { elves.push_back(staged_elf(target)); });
    add_dump(1);
    drain();
    add_bundle("1.0", "a newer ELF");
    add_dump(2);
    drain();
    EXPECT_EQ(elves, (Names{"an ELF", "a newer ELF"}));
}

TEST_F(ParseRunnerTest, TwoRunnersAtOnceUnpackOneElf) {
    std::mutex mutex;
    Names elves;
    sidecar_.on_request([&](const std::string& target) {
        const std::lock_guard lock(mutex);
        elves.push_back(staged_elf(target));
    });
    for (int at = 1; at <= 10; ++at) add_dump(at);
    test::in_parallel(3, [&](std::size_t /*runner*/) { drain(); });
    EXPECT_EQ(elves, Names(10, "an ELF"));
    EXPECT_EQ(test::names_in(xfer_ / ".elf-cache").size(), 2U);  // it, and the link to it
}

}  // namespace
}  // namespace coredepot
