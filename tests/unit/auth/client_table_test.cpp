#include "auth/client_table.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "sha256.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::auth {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const Timestamp kTime{std::chrono::microseconds(1'700'000'000'123'456)};

ClientId client(const std::string& id) {
    return ClientId::trusted(id);
}

DeviceReference device(const std::string& key, const std::string& model = "thermostat") {
    return {key, ModelCode::trusted(model)};
}

class ClientTableTest : public testing::Test {
  protected:
    ClientTable open() const { return ClientTable(folder_.path()); }
    fs::path file() const { return folder_ / "clients"; }
    /// The key of the device with this client; "" when it is not known.
    std::string key(const std::string& id) const {
        const auto row = open().find(client(id));
        return row ? row->device.key : "";
    }

    test::TemporaryFolder folder_;
};

TEST_F(ClientTableTest, WhatOnePutsAnotherFinds) {
    EXPECT_FALSE(open().find(client("a")));
    open().put(client("a"), device("abcd1234"), kTime);
    open().put(client("b"), device("zyxw9876", std::string(50, 'm')), kTime + 1s);
    const auto a = open().find(client("a"));
    ASSERT_TRUE(a);
    EXPECT_EQ(a->device.key, "abcd1234");
    EXPECT_EQ(a->device.model_code, ModelCode::trusted("thermostat"));
    EXPECT_EQ(a->checked_at, kTime);
    EXPECT_EQ(open().find(client("b"))->device.model_code->str(), std::string(50, 'm'));
    EXPECT_EQ(key("A"), "");
    EXPECT_EQ(test::mode_of(file()), 0600U);
}

TEST_F(ClientTableTest, IsChangedAndForgotten) {
    open().put(client("a"), device("abcd1234"), kTime);
    open().put(client("a"), device("zyxw9876"), kTime);
    EXPECT_EQ(key("a"), "zyxw9876");
    open().remove(client("a"));
    open().remove(client("a"));
    EXPECT_EQ(key("a"), "");
    open().put(client("a"), device("abcd1234"), kTime);
    EXPECT_EQ(key("a"), "abcd1234");
}

/// Client ids whose rows have the same places.
std::vector<std::string> rivals(std::size_t count) {
    constexpr std::size_t kSetInHex = 8;
    std::vector<std::string> found;
    for (int i = 0; found.size() < count; ++i) {
        const auto id = std::to_string(i);
        const auto number = std::stoul(sha256_hex(id).substr(0, kSetInHex), nullptr, 16);
        if (number % ClientTable::kSets == 7) found.push_back(id);
    }
    return found;
}

TEST_F(ClientTableTest, WhatWasLookedUpLongestAgoMakesRoom) {
    const auto ids = rivals(ClientTable::kWays + 2);
    for (std::size_t i = 0; i < ClientTable::kWays; ++i) {
        open().put(client(ids[i]), device("abcd1234"), kTime + std::chrono::seconds(i));
    }
    open().put(client(ids[0]), device("abcd1234"), kTime + 1h);
    open().put(client(ids[4]), device("abcd1234"), kTime + 2h);
    open().put(client(ids[5]), device("abcd1234"), kTime + 3h);
    EXPECT_EQ(key(ids[1]), "");
    EXPECT_EQ(key(ids[2]), "");
    for (const auto i : {0, 3, 4, 5}) EXPECT_EQ(key(ids.at(i)), "abcd1234") << i;
    EXPECT_LE(fs::file_size(file()),
              ClientTable::kSets * ClientTable::kWays * ClientTable::kRowBytes);
}

TEST_F(ClientTableTest, ARowThatIsNotWholeIsNone) {
    open().put(client("a"), device("abcd1234"), kTime);
    const auto good = test::content_of(file());
    const auto begin = good.find_first_not_of('\0');
    ASSERT_NE(begin, std::string::npos);
    for (std::size_t at = begin; at < begin + ClientTable::kRowBytes; ++at) {
        auto bad = good;
        bad[at] = bad[at] == '0' ? '1' : '0';
        test::write_file(file(), bad);
        EXPECT_EQ(key("a"), "") << at;
    }
    for (const auto& bad : {std::string(), std::string(1000, 'x'), good.substr(0, begin + 100)}) {
        test::write_file(file(), bad);
        EXPECT_EQ(key("a"), "");
        open().put(client("a"), device("abcd1234"), kTime);
        EXPECT_EQ(key("a"), "abcd1234");
    }
}

TEST_F(ClientTableTest, OnlyAFileOfOursIsUsed) {
    open().put(client("a"), device("abcd1234"), kTime);
    fs::permissions(file(), fs::perms::others_write, fs::perm_options::add);
    EXPECT_EQ(key("a"), "");
    open().remove(client("a"));
    fs::permissions(file(), fs::perms::others_write, fs::perm_options::remove);
    EXPECT_EQ(key("a"), "abcd1234");
    fs::rename(file(), folder_ / "elsewhere");
    fs::create_symlink(folder_ / "elsewhere", file());
    EXPECT_EQ(key("a"), "");
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    fs::remove(file());
    fs::rename(folder_ / "elsewhere", file());
    ASSERT_EQ(::chown(file().c_str(), 65534, 65534), 0);
    EXPECT_EQ(key("a"), "");
}

TEST_F(ClientTableTest, WithoutADiskNobodyIsKnown) {
    const ClientTable table(folder_ / "missing");
    table.put(client("a"), device("abcd1234"), kTime);
    EXPECT_FALSE(table.find(client("a")));
    table.remove(client("a"));
}

}  // namespace
}  // namespace coredepot::auth
