// Core dumps whose bytes are in a bucket: any host that has it parses them.

#include "db/coredumps.hpp"
#include "parse_runner_test.hpp"
#include "sha256.hpp"
#include "support/s3_server.hpp"

namespace coredepot::test {
namespace {

class ParseObjectsTest : public ParseRunnerTest {
  protected:
    std::int64_t add_object(std::int64_t at, const std::string& bytes = "a core dump") {
        const auto filename = filename_at(at);
        const auto key = "coredumps/" + filename.str();
        EXPECT_EQ(bucket_->put(key, bytes, sha256_hex(bytes)), objects::Put::Stored);
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::NewCoredump dump{device_,
                             filename,
                             Chip::trusted("esp32c3"),
                             FirmwareVersion::trusted("1.0"),
                             static_cast<std::int64_t>(bytes.size()),
                             Timestamp(std::chrono::microseconds(at)),
                             sha256_hex(bytes)};
        dump.object = key;
        return std::get<db::StoredCoredump>(db::Coredumps(database).store(dump, {20})).id;
    }
    RunnerSettings of_some_host() {
        RunnerSettings settings;
        settings.store = "fedcba9876543210fedcba9876543210";
        settings.bucket = bucket_;
        return settings;
    }

    S3Server store_;
    std::shared_ptr<objects::Bucket> bucket_ = std::make_shared<objects::Bucket>(store_.config());
};

TEST_F(ParseObjectsTest, AnyHostThatHasTheBucketParsesThem) {
    const auto id = add_object(1, "from the bucket");
    EXPECT_EQ(drain(), 0U) << "without the bucket";
    std::string seen;
    sidecar_.on_request([&](const std::string& target) { seen = staged_core(target); });
    EXPECT_EQ(drain(of_some_host()), 1U);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(seen, "from the bucket");
}

TEST_F(ParseObjectsTest, AnObjectThatIsGoneIsSaidToBe) {
    const auto id = add_object(1);
    store_.clear();
    EXPECT_EQ(drain(of_some_host()), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the core dump's file is gone");
}

TEST_F(ParseObjectsTest, WhileTheStoreIsAwayTheyWaitAndFilesDoNot) {
    const auto object = add_object(1);
    const auto another = add_object(2);
    store_.go_down();
    // The one that is claimed first is put back, and the file's turn comes.
    EXPECT_EQ(drain(of_some_host()), 0U);
    const auto file = add_dump(3);
    EXPECT_EQ(drain(of_some_host()), 1U);
    EXPECT_EQ(status(file), "PARSED");
    for (const auto id : {object, another}) {
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "0");
    }
    store_.come_back();
    EXPECT_EQ(drain(of_some_host()), 2U);
    EXPECT_EQ(status(object), "PARSED");
    EXPECT_EQ(status(another), "PARSED");
}

// It may be that of any core dump that is claimed, and one that is put back would be claimed again.
TEST_F(ParseObjectsTest, WhileTheElfIsOutOfReachNothingMoreIsClaimed) {
    const auto id = add_dump(1);
    sql("UPDATE coredumps SET firmware_version = '2.0'");
    sql("INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256, "
        "bundle_object)"
        " SELECT id, '2.0', repeat('a', 64), repeat('b', 64), 'bundles/of/2.0.zip' FROM "
        "device_models");
    EXPECT_EQ(drain(), 0U) << "without the bucket";
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(attempts(id), "0");
    sql("UPDATE coredumps SET firmware_version = '1.0'");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

}  // namespace
}  // namespace coredepot::test
