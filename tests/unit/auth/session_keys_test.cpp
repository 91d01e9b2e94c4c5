#include "auth/session_keys.hpp"

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::auth {
namespace {

namespace fs = std::filesystem;

const std::string kOne = "one AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n";
const std::string kTwo = "two AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n";

TEST(SessionKeyFile, HasALineForEachKey) {
    const auto keys = parse_session_keys("# a comment\n" + kOne + "\n" + kTwo);
    ASSERT_TRUE(keys);
    ASSERT_EQ(keys->size(), 2U);
    EXPECT_EQ(keys->at(0).id, "one");
    EXPECT_EQ(keys->at(0).bytes.at(31), 1);
    EXPECT_EQ(keys->at(1).id, "two");
    EXPECT_EQ(keys->at(1).bytes.at(0), 2);
}

TEST(SessionKeyFile, WithAnythingElseInItIsNone) {
    for (const std::string& bad :
         {std::string(), std::string("# nothing\n"), std::string("one\n"),
          std::string("one AQEB\n"), " " + kOne, "one " + kOne, kOne + kOne, kOne + "x",
          kOne + kTwo + "three AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM\n",
          "o.e" + kOne.substr(3), std::string(65, 'k') + kOne.substr(3),
          kOne.substr(0, kOne.size() - 1) + "=\n", kOne.substr(0, kOne.size() - 1) + "\r\n"}) {
        EXPECT_FALSE(parse_session_keys(bad)) << bad;
    }
}

class SessionKeysOf : public testing::Test {
  protected:
    void write(const std::string& text, fs::perms mode = fs::perms::owner_read) {
        test::replace_file(path_, text);
        fs::permissions(path_, mode);
    }
    std::string current() {
        const auto* key = keys_.current();
        return key == nullptr ? "" : key->id;
    }

    test::TemporaryFolder folder_;
    fs::path path_ = folder_ / "session.keys";
    SessionKeys keys_{path_};
};

TEST_F(SessionKeysOf, AreReadAnewWhenTheFileChanges) {
    EXPECT_EQ(current(), "");
    write(kOne);
    EXPECT_EQ(current(), "one");
    EXPECT_EQ(keys_.find("two"), nullptr);
    write(kTwo + kOne);
    EXPECT_EQ(current(), "two");
    EXPECT_NE(keys_.find("one"), nullptr);
    write(kTwo);
    EXPECT_EQ(keys_.find("one"), nullptr);
}

TEST_F(SessionKeysOf, OpenNothingWhenTheyAreGoneOrBad) {
    write(kOne);
    EXPECT_EQ(current(), "one");
    write("nonsense");
    EXPECT_EQ(current(), "");
    write(kOne);
    EXPECT_EQ(current(), "one");
    fs::remove(path_);
    EXPECT_EQ(current(), "");
}

TEST_F(SessionKeysOf, AreNoneThatEverybodyMayReadOrWrite) {
    using fs::perms;
    write(kOne, perms::owner_read | perms::others_read);
    EXPECT_EQ(current(), "");
    write(kOne, perms::owner_read | perms::others_write);
    EXPECT_EQ(current(), "");
    write(kOne, perms::owner_read | perms::group_read);
    EXPECT_EQ(current(), "one");
}

TEST_F(SessionKeysOf, TheToolMakesAndChanges) {
    const auto run = [&](const std::string& option) {
        std::vector<std::string> command{COREDEPOT_SOURCE_DIR
                                         "/systemd/tools/coredepot-session-key"};
        if (!option.empty()) command.push_back(option);
        command.push_back(path_.string());
        return test::run_command(command);
    };
    EXPECT_NE(run("--rotate").status, 0);
    ASSERT_EQ(run("").status, 0);
    const auto first = current();
    EXPECT_NE(first, "");
    ASSERT_EQ(run("").status, 0);
    EXPECT_EQ(current(), first) << "a key that is there stays";
    ASSERT_EQ(run("--rotate").status, 0);
    EXPECT_NE(current(), first);
    EXPECT_NE(keys_.find(first), nullptr);
    const auto second = current();
    ASSERT_EQ(run("--drop-old").status, 0);
    EXPECT_EQ(current(), second);
    EXPECT_EQ(keys_.find(first), nullptr);
    EXPECT_EQ(test::mode_of(path_) & 07U, 0U);
    EXPECT_EQ(test::names_in(folder_.path()), std::vector<std::string>{"session.keys"});
}

}  // namespace
}  // namespace coredepot::auth
