#include "objects/bucket.hpp"

#include <map>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/s3_server.hpp"

namespace coredepot::objects {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMost = 1'048'576;

class BucketTest : public testing::Test {
  protected:
    Put put(const std::string& key, const std::string& bytes) {
        return bucket_.put(key, bytes, sha256_hex(bytes));
    }

    std::vector<std::string> listed(const std::string& prefix, const std::string& after = "",
                                    int limit = 1000) {
        std::vector<std::string> keys;
        for (const auto& object : bucket_.list(prefix, after, limit).objects) {
            keys.push_back(object.key);
        }
        return keys;
    }

    test::S3Server server_;
    std::map<std::pair<Operation, Outcome>, int> seen_;
    Bucket bucket_{server_.config(),
                   [this](Operation operation, Outcome outcome, std::chrono::microseconds took) {
                       EXPECT_GE(took, 0us);
                       ++seen_[{operation, outcome}];
                   }};
};

TEST_F(BucketTest, KeepsWhatItIsGiven) {
    const std::string bytes("\0\xff dump", 7);
    EXPECT_EQ(put("coredumps/abcd/x y+z~", bytes), Put::Stored);
    EXPECT_EQ(server_.keys(), (std::vector<std::string>{"coredumps/abcd/x y+z~"}));
    EXPECT_EQ(bucket_.get("coredumps/abcd/x y+z~", kMost), bytes);
    EXPECT_EQ(bucket_.get("coredumps/abcd/x", kMost), std::nullopt);
    const auto head = bucket_.head("coredumps/abcd/x y+z~");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->size, 7U);
    EXPECT_LT(std::chrono::abs(now() - head->last_modified), 60min);
    EXPECT_FALSE(head->record_head);
    EXPECT_FALSE(bucket_.head("coredumps/abcd/x"));
    EXPECT_TRUE(bucket_.remove("coredumps/abcd/x y+z~"));
    EXPECT_TRUE(bucket_.remove("coredumps/abcd/x y+z~"));
    EXPECT_FALSE(bucket_.head("coredumps/abcd/x y+z~"));
}

TEST_F(BucketTest, KeepsARecordsHeadBesideTheBytes) {
    const std::string head = R"({"idempotency_key":"\"ü ; , \\"})";
    EXPECT_EQ(bucket_.put("a", "bytes", sha256_hex("bytes"), head), Put::Stored);
    EXPECT_EQ(bucket_.head("a")->record_head, head);
    EXPECT_THROW(bucket_.put("b", "bytes", sha256_hex("bytes"), std::string(1600, 'x')),
                 std::invalid_argument);
    EXPECT_EQ(bucket_.put("b", "bytes", sha256_hex("bytes"), std::string(1500, 'x')), Put::Stored);
}

TEST_F(BucketTest, ListsInPagesWhatBeginsWithAPrefix) {
    for (const auto* key : {"a/1", "a/2", "a/ü&<+ %", "b/1", "A/1"}) put(key, key);
    EXPECT_EQ(listed("a/"), (std::vector<std::string>{"a/1", "a/2", "a/ü&<+ %"}));
    EXPECT_EQ(listed("a/", "a/1"), (std::vector<std::string>{"a/2", "a/ü&<+ %"}));
    EXPECT_EQ(listed(""), (std::vector<std::string>{"A/1", "a/1", "a/2", "a/ü&<+ %", "b/1"}));
    EXPECT_EQ(listed("c/"), (std::vector<std::string>{}));
    const auto page = bucket_.list("", "A/1", 2);
    EXPECT_TRUE(page.is_truncated);
    ASSERT_EQ(page.objects.size(), 2U);
    EXPECT_EQ(page.objects[1].key, "a/2");
    EXPECT_EQ(page.objects[1].size, 3U);
    EXPECT_LT(std::chrono::abs(now() - page.objects[1].last_modified), 60min);
    EXPECT_FALSE(bucket_.list("", "a/2", 2).is_truncated);
}

TEST_F(BucketTest, BytesOfAnotherHashAreNotStored) {
    EXPECT_THROW(bucket_.put("a", "bytes", sha256_hex("others")), Unavailable);
    EXPECT_EQ(server_.keys(), (std::vector<std::string>{}));
}

TEST_F(BucketTest, APutWithoutAnAnswerIsInDoubt) {
    server_.misbehave({{.what = "store-hang", .operation = "put", .times = 1},
                       {.what = "drop", .operation = "put", .times = 2, .key = "fleet/b"}});
    EXPECT_EQ(put("a", "1"), Put::InDoubt);
    EXPECT_EQ(put("b", "2"), Put::InDoubt);
    EXPECT_EQ(server_.keys(), (std::vector<std::string>{"a"}));
    EXPECT_EQ((seen_[{Operation::Put, Outcome::InDoubt}]), 2);
    server_.release();
    EXPECT_EQ(put("a", "1"), Put::Stored);
    EXPECT_EQ((seen_[{Operation::Put, Outcome::Done}]), 1);
}

TEST_F(BucketTest, APutThatAServerFailedInIsInDoubt) {
    for (const auto* kind : {"status", "store-status"}) {
        server_.misbehave({{.what = kind, .status = 503, .code = "SlowDown"}});
        EXPECT_EQ(put("a", "1"), Put::InDoubt) << kind;
    }
    EXPECT_EQ(server_.keys(), (std::vector<std::string>{"a"}));
}

TEST_F(BucketTest, ARefusedPutIsNotThere) {
    server_.misbehave({{.what = "status", .status = 403, .code = "AccessDenied"}});
    EXPECT_THROW(put("a", "1"), Unavailable);
    server_.go_down();
    EXPECT_THROW(put("a", "1"), Unavailable);
    EXPECT_EQ((seen_[{Operation::Put, Outcome::Failed}]), 2);
}

TEST_F(BucketTest, AsksOverAConnectionThatIsMadeAgain) {
    EXPECT_EQ(put("a", "1"), Put::Stored);
    server_.go_down();
    server_.come_back();
    EXPECT_EQ(put("b", "2"), Put::Stored);
    EXPECT_EQ(bucket_.get("a", kMost), "1");
}

TEST_F(BucketTest, AStoreThatIsAwayIsNotOneWithoutObjects) {
    put("a", "1");
    const auto expect_unavailable = [&](const std::string& why) {
        EXPECT_THROW(bucket_.get("a", kMost), Unavailable) << why;
        EXPECT_THROW(bucket_.head("a"), Unavailable) << why;
        EXPECT_THROW(bucket_.list("a"), Unavailable) << why;
        EXPECT_FALSE(bucket_.remove("a")) << why;
    };
    server_.misbehave({{.what = "status", .status = 503, .code = "SlowDown"}});
    expect_unavailable("503");
    server_.misbehave({{.what = "status", .status = 404, .code = "NoSuchBucket"}});
    expect_unavailable("no bucket");
    server_.misbehave({{.what = "drop"}});
    expect_unavailable("dropped");
    server_.misbehave({{.what = "status", .status = 403, .code = "InvalidAccessKeyId"}});
    expect_unavailable("refused");
    server_.go_down();
    expect_unavailable("down");
    server_.come_back();
    EXPECT_EQ(bucket_.get("a", kMost), "1");
}

TEST_F(BucketTest, HalfAnAnswerIsNone) {
    put("a", std::string(100'000, 'x'));
    server_.misbehave({{.what = "half"}});
    EXPECT_THROW(bucket_.get("a", kMost), Unavailable);
    EXPECT_THROW(bucket_.list(""), Unavailable);
}

TEST_F(BucketTest, MoreBytesThanExpectedAreNotRead) {
    put("a", "123456");
    EXPECT_EQ(bucket_.get("a", 6), "123456");
    EXPECT_THROW(bucket_.get("a", 5), Unavailable);
}

TEST_F(BucketTest, GivesAFileThatIsTooLongForMemoryInPieces) {
    const std::string bytes(3'000'000, 'x');
    put("a", bytes);
    std::string got;
    EXPECT_TRUE(bucket_.get_to(
        "a", [&](std::string_view piece) { got += piece; }, bytes.size()));
    EXPECT_EQ(got, bytes);
    EXPECT_FALSE(bucket_.get_to(
        "b", [](std::string_view) { FAIL(); }, 1));
    EXPECT_THROW(bucket_.get_to(
                     "a", [](std::string_view) { throw std::runtime_error("full"); }, bytes.size()),
                 std::runtime_error);
}

TEST_F(BucketTest, AWrongSecretIsSaidWithoutSayingIt) {
    auto config = server_.config();
    config.secret_access_key = "another-secret";
    Bucket bucket(config);
    try {
        bucket.get("a", kMost);
        FAIL();
    } catch (const Unavailable& error) {
        EXPECT_STREQ(error.what(), "get a: it answered 403 SignatureDoesNotMatch");
    }
}

TEST_F(BucketTest, TheSecretMayBeInAFile) {
    const test::TemporaryFolder folder;
    auto config = server_.config();
    config.secret_access_key.reset();
    config.secret_access_key_file = folder / "secret";
    EXPECT_THROW(Bucket{config}, ConfigError);
    test::write_file(folder / "secret", "\n");
    EXPECT_THROW(Bucket{config}, ConfigError);
    test::write_file(folder / "secret", "test-secret\n");
    EXPECT_EQ(Bucket(config).put("a", "1", sha256_hex("1")), Put::Stored);
}

TEST_F(BucketTest, APresignedTargetIsForOneObjectAndMethod) {
    put("a b", "0123456789");
    put("c", "x");
    auto anybody = test::HttpClient::of_others(server_.url());
    const auto target = bucket_.presigned_target("a b", 60s);
    EXPECT_EQ(anybody.get(target).body, "0123456789");
    EXPECT_EQ(anybody.get(target, {"Range: bytes=2-4"}).body, "234");
    EXPECT_EQ(anybody.head(bucket_.presigned_target("a b", 60s, "HEAD")).status, 200);
    EXPECT_EQ(anybody.head(target).status, 403);
    EXPECT_EQ(anybody.del(target).status, 403);
    auto another = target;
    another.replace(another.find("a%20b"), 5, "c");
    EXPECT_EQ(anybody.get(another).status, 403);
    EXPECT_EQ(anybody.get("/coredepot/fleet/c").status, 403);
}

}  // namespace
}  // namespace coredepot::objects
