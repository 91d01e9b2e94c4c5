#include "auth/issuer_cache.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace coredepot::auth {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kIssuer = "https://id.example";
const Timestamp kTime{std::chrono::microseconds(1'700'000'000'123'456)};

class IssuerCacheTest : public testing::Test {
  protected:
    IssuerCache open(const std::string& issuer = kIssuer) const {
        return {folder_.path(), "jwks", issuer};
    }

    /// The file with the answer.
    fs::path file() const {
        for (const auto& name : test::names_in(folder_.path())) {
            if (name.ends_with(".json")) return folder_ / name;
        }
        return folder_ / "none";
    }

    test::TemporaryFolder folder_;
};

TEST_F(IssuerCacheTest, WhatOneStoresAnotherReads) {
    EXPECT_FALSE(open().read_changed());
    open().store({"{\"keys\": []}", kTime});
    const auto entry = open().read_changed();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->answer, "{\"keys\": []}");
    EXPECT_EQ(entry->fetched_at, kTime);
    EXPECT_EQ(test::mode_of(file()) & 022U, 0U);
    EXPECT_EQ(test::names_in(folder_.path()).size(), 1U);
}

TEST_F(IssuerCacheTest, IsReadOnceAndAgainWhenReplaced) {
    auto reader = open();
    open().store({"1", kTime});
    EXPECT_EQ(reader.read_changed()->answer, "1");
    EXPECT_FALSE(reader.read_changed());
    open().store({"2", kTime});
    EXPECT_EQ(reader.read_changed()->answer, "2");
    EXPECT_FALSE(reader.read_changed());
}

TEST_F(IssuerCacheTest, EachIssuerHasItsOwn) {
    open("https://a.example").store({"a", kTime});
    open("https://b.example").store({"b", kTime});
    EXPECT_EQ(open("https://a.example").read_changed()->answer, "a");
    EXPECT_EQ(open("https://b.example").read_changed()->answer, "b");
    EXPECT_FALSE(open("https://c.example").read_changed());
}

TEST_F(IssuerCacheTest, AnswersOfOneIssuerAreKeptApart) {
    open().store({"keys", kTime});
    IssuerCache other(folder_.path(), "token_endpoint", kIssuer);
    EXPECT_FALSE(other.read_changed());
    other.store({"an address", kTime});
    EXPECT_EQ(other.read_changed()->answer, "an address");
    EXPECT_EQ(open().read_changed()->answer, "keys");
}

TEST_F(IssuerCacheTest, WhatIsNotAsItWasWrittenIsNotRead) {
    open().store({"x", kTime});
    const auto path = file();
    const auto good = test::content_of(path);
    for (const auto& bad :
         {std::string(), std::string("{}"), std::string(100, '\0'), good.substr(0, 20), "[" + good,
          std::string(R"({"issuer":"https://evil.example","fetched_at_us":1,"answer":"x"})"),
          std::string(R"({"issuer":"https://id.example","fetched_at_us":"1","answer":"x"})"),
          std::string(R"({"issuer":"https://id.example","fetched_at_us":1,"answer":{}})"),
          std::string(2'000'000, ' ') + good}) {
        test::write_file(path, bad);
        EXPECT_FALSE(open().read_changed()) << bad.substr(0, 100);
    }
    open().store({"y", kTime});
    EXPECT_EQ(open().read_changed()->answer, "y");
}

TEST_F(IssuerCacheTest, AFileThatOthersMayWriteIsNotRead) {
    open().store({"x", kTime});
    const auto path = file();
    fs::permissions(path, fs::perms::others_write, fs::perm_options::add);
    EXPECT_FALSE(open().read_changed());
    fs::permissions(path, fs::perms::others_write, fs::perm_options::remove);
    EXPECT_TRUE(open().read_changed());
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_TRUE(::chown(path.c_str(), 65534, 65534) == 0 && !open().read_changed());
}

TEST_F(IssuerCacheTest, NeitherLinksNorPipesAreRead) {
    open().store({"x", kTime});
    const auto path = file();
    fs::rename(path, folder_ / "elsewhere");
    fs::create_symlink(folder_ / "elsewhere", path);
    EXPECT_FALSE(open().read_changed());
    fs::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(open().read_changed());
    open().store({"y", kTime});
    EXPECT_EQ(open().read_changed()->answer, "y");
}

TEST_F(IssuerCacheTest, WhatAKilledProcessLeftIsReplaced) {
    open().store({"x", kTime});
    test::write_file(file().string() + ".new", "half");
    open().store({"y", kTime});
    EXPECT_EQ(open().read_changed()->answer, "y");
    EXPECT_EQ(test::names_in(folder_.path()).size(), 1U);
}

TEST_F(IssuerCacheTest, OneHasTheTurnAtATime) {
    const auto cache = open();
    auto first = cache.take_turn(0ms);
    ASSERT_TRUE(first);
    EXPECT_FALSE(cache.take_turn(0ms));
    EXPECT_FALSE(open().take_turn(30ms));
    EXPECT_TRUE(open("https://other.example").take_turn(0ms));
    first.reset();
    EXPECT_TRUE(open().take_turn(0ms));
}

TEST_F(IssuerCacheTest, HowTheIssuerWasAskedIsKnownToTheNext) {
    EXPECT_EQ(open().take_turn(0ms)->asked(), Asked());
    EXPECT_EQ(open().asked(), Asked());
    const Asked good{kTime, true, kTime + 6s};
    const Asked bad{Timestamp(7us), false, Timestamp(9us)};
    for (const auto& asked : {good, bad, good}) {
        open().take_turn(0ms)->record(asked);
        EXPECT_EQ(open().take_turn(0ms)->asked(), asked);
    }
    // Also while somebody has the turn.
    const auto cache = open();
    const auto turn = cache.take_turn(0ms);
    EXPECT_EQ(open().asked(), good);
    for (const auto& junk : {"junk", "", "1700000000000000\n", "1 x", "1 1 "}) {
        for (const auto& name : test::names_in(folder_.path())) {
            test::write_file(folder_ / name, junk);
        }
        EXPECT_EQ(open().asked(), Asked()) << junk;
    }
}

TEST_F(IssuerCacheTest, WithoutADiskEverybodyGetsATurn) {
    IssuerCache cache(folder_ / "missing", "jwks", kIssuer);
    EXPECT_FALSE(cache.read_changed());
    cache.store({"x", kTime});
    const auto first = cache.take_turn(0ms);
    const auto second = cache.take_turn(0ms);
    ASSERT_TRUE(first && second);
    first->record({kTime, false, kTime});
    EXPECT_EQ(second->asked(), Asked());
}

}  // namespace
}  // namespace coredepot::auth
