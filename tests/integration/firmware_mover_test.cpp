// Firmware on its way between folders and bucket.

#include "core/moving/firmware_mover.hpp"

#include "core/parsing/elf_finder.hpp"
#include "firmware_bucket_test.hpp"
#include "storage/elf_cache.hpp"

namespace coredepot::core {
namespace {

class FirmwareMoverTest : public FirmwareBucketTest {
  protected:
    template <class Mover>
    MoveResult move() {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::FirmwareMoves rows(database);
        FirmwareBucket bucket(server_.config(), database);
        return Mover({rows, bucket, store_, kMaxBytes, std::chrono::seconds(0),
                      [&](std::chrono::seconds) {
                          if (meanwhile_) meanwhile_();
                      },
                      [] { return false; }, [](std::size_t) {}})
            .run();
    }
    MoveResult to_bucket() { return move<FirmwareToBucket>(); }
    MoveResult to_folder() { return move<FirmwareToFolder>(); }

    /// The machine whose folder it is.
    Machine& machine() {
        if (!machine_) machine_ = std::make_unique<Machine>(*this, assets_.path());
        return *machine_;
    }
    std::string found_elf(const std::string& elf) {
        const test::TemporaryFolder cache;
        ElfFinder finder(versions_, store_, storage::ElfCache(cache.path()), kMaxBytes,
                         &machine().bucket);
        DumpFacts facts;
        facts.elf_sha256_prefix = sha256_hex(elf).substr(0, 16);
        const auto found = finder.find(claim_.value(), facts);
        if (const auto* none = std::get_if<NoElf>(&found)) return none->reason;
        return std::get<FoundElf>(found).elf.sha256;
    }
    /// Two versions, one of them built twice, and a plain image that devices download.
    void fill_folder() {
        for (const auto& upload :
             {bundle("1.0", "first"), bundle("1.0", "second"), bundle("2.0", "of 2.0"), plain_}) {
            accept(upload);
        }
    }
    void expect_all_served() {
        EXPECT_EQ(machine().served(), plain_);
        for (const auto* elf : {"first", "second", "of 2.0"}) {
            EXPECT_EQ(found_elf(elf), sha256_hex(elf));
        }
        expect_all_there();
    }
    Names folder() const {
        Names names;
        for (const auto& path : test::files_below(assets_.path())) {
            const auto name = path.lexically_relative(assets_.path()).string();
            if (!name.starts_with(".images/")) names.push_back(name);
        }
        return names;
    }
    Names folder_when_full() const {
        return {".replaced/a/" + kept("first"), "a/firmware-1.0.zip", "a/firmware-2.0.zip",
                "firmware-a.bin"};
    }
    Names bucket_when_full() const {
        Names keys{bundle_key(bundle("1.0", "first")),  bundle_key(bundle("1.0", "second")),
                   bundle_key(bundle("2.0", "of 2.0")), image_key(image("1.0", "second")),
                   image_key(image("2.0", "of 2.0")),   image_key(plain_)};
        std::ranges::sort(keys);
        return keys;
    }

    const std::string plain_ = test::esp_image("3.0", kSha256);
    std::unique_ptr<Machine> machine_;
    std::optional<db::Claim> claim_ = [&] {
        add_coredump(add_device(model_, "abcd1234"), 1, "1.0");
        return db::ParseQueue(database_).claim(std::chrono::hours(1));
    }();
    std::function<void()> meanwhile_;
};

TEST_F(FirmwareMoverTest, ThereAndBackAgain) {
    fill_folder();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(folder(), folder_when_full());
        const auto there = to_bucket();
        EXPECT_EQ(there.moved, 4U);
        EXPECT_EQ(there.busy + there.failed, 0U);
        EXPECT_TRUE(there.is_complete);
        EXPECT_EQ(folder(), Names{});
        EXPECT_EQ(server_.keys(), bucket_when_full());
        expect_all_served();
        EXPECT_EQ(to_bucket().moved, 0U);

        const auto back = to_folder();
        EXPECT_EQ(back.moved, 4U);
        EXPECT_EQ(back.busy + back.failed, 0U);
        EXPECT_TRUE(back.is_complete);
        EXPECT_EQ(server_.keys(), Names{});
        expect_all_served();
        EXPECT_EQ(to_folder().moved, 0U);
    }
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), plain_);
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), bundle("1.0", "second"));
    // As if it had never been elsewhere.
    uploads_.accept(model(), bundle("3.0", "of 3.0"));
    EXPECT_EQ(machine().served(), image("3.0", "of 3.0"));
}

TEST_F(FirmwareMoverTest, WhoReadTheRowAMomentAgoFindsTheOriginal) {
    fill_folder();
    bool was_there = false;
    meanwhile_ = [&] {
        was_there = folder() == folder_when_full() && server_.keys() == bucket_when_full();
    };
    to_bucket();
    EXPECT_TRUE(was_there);
    was_there = false;
    to_folder();
    EXPECT_TRUE(was_there);
}

// As kill -9 before what was moved is removed.
TEST_F(FirmwareMoverTest, WhatAKilledRunLeavesTheNextOneRemoves) {
    fill_folder();
    const auto killed = [] { throw std::runtime_error("killed"); };
    meanwhile_ = killed;
    EXPECT_THROW(to_bucket(), std::runtime_error);
    expect_all_served();
    EXPECT_EQ(folder(), folder_when_full());
    meanwhile_ = nullptr;
    EXPECT_EQ(to_bucket().moved, 0U);
    EXPECT_EQ(folder(), Names{});
    EXPECT_EQ(server_.keys(), bucket_when_full());

    meanwhile_ = killed;
    EXPECT_THROW(to_folder(), std::runtime_error);
    expect_all_served();
    meanwhile_ = nullptr;
    EXPECT_EQ(to_folder().moved, 0U);
    EXPECT_EQ(server_.keys(), Names{});
    EXPECT_EQ(folder(), folder_when_full());
}

// As kill -9 between an object and its row: no row ever named it.
TEST_F(FirmwareMoverTest, WhatTheStoreDidNotTakeWholeStaysAndLeavesNothingBehind) {
    fill_folder();
    for (const int skip : {0, 1, 2, 1}) {
        server_.misbehave({{.what = "status", .operation = "put", .skip = skip}});
        EXPECT_GT(to_bucket().failed, 0U) << skip;
        expect_all_served();
    }
    server_.behave();
    EXPECT_EQ(to_folder().left(), 0U);
    EXPECT_EQ(server_.keys(), Names{});
    EXPECT_EQ(folder(), folder_when_full());
    EXPECT_EQ(to_bucket().left(), 0U);
    EXPECT_EQ(server_.keys(), bucket_when_full());
    server_.misbehave({{.what = "wrong", .operation = "get"}});
    EXPECT_EQ(to_folder().moved, 0U);
    EXPECT_EQ(folder(), Names{});
    server_.misbehave({{.what = "status", .operation = "get"}});
    EXPECT_EQ(to_folder().failed, 4U);
    server_.behave();
    expect_all_served();
}

TEST_F(FirmwareMoverTest, OtherBytesThanWereUploadedStayWhereTheyAre) {
    fill_folder();
    test::replace_file(assets_ / "a/firmware-2.0.zip", bundle("2.0", "another"));
    test::replace_file(assets_ / "firmware-a.bin", "another");
    remove(assets_ / "a/firmware-1.0.zip");
    const auto result = to_bucket();
    EXPECT_EQ(result.failed, 3U);
    EXPECT_EQ(result.moved, 1U);
    EXPECT_EQ(result.left(), 3U);
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), "another");
    EXPECT_EQ(found_elf("first"), sha256_hex("first"));
}

TEST_F(FirmwareMoverTest, AnImageOverTheBundleOfItsFolderTakesThatAlong) {
    accept(bundle("1.0", "elf"));
    machine().accept(image("1.0", "elf"));
    EXPECT_EQ(to_bucket().moved, 1U);
    EXPECT_EQ(folder(), Names{});
    EXPECT_EQ(machine().served(), image("1.0", "elf"));
    EXPECT_EQ(found_elf("elf"), sha256_hex("elf"));
}

// Its row named the bucket when the upload began, and the folder when it ended.
TEST_F(FirmwareMoverTest, ABuildThatIsReplacedWhileItMovesIsKept) {
    machine().accept(bundle("1.0", "first"));
    server_.misbehave({{.what = "slow", .operation = "put", .times = 1, .key = "fleet/images/"}});
    test::in_parallel(2, [&](std::size_t thread) {
        if (thread == 0) {
            Machine uploader(*this, assets_.path());
            uploader.accept(bundle("1.0", "second"));
            return;
        }
        while (server_.asked("put") < 3) std::this_thread::yield();
        EXPECT_EQ(to_folder().failed, 0U);
    });
    EXPECT_EQ(machine().served(), image("1.0", "second"));
    for (const auto* elf : {"first", "second"}) EXPECT_EQ(found_elf(elf), sha256_hex(elf));
    EXPECT_EQ(to_bucket().left(), 0U);
    EXPECT_EQ(folder(), Names{});
    for (const auto* elf : {"first", "second"}) EXPECT_EQ(found_elf(elf), sha256_hex(elf));
}

TEST_F(FirmwareMoverTest, OfADeletedModelNothingComesBack) {
    fill_folder();
    meanwhile_ = [&] {
        DeviceModels(models_, store_, storage::ImageCache(assets_.path()), &machine().bucket)
            .remove(model_);
    };
    sql("DELETE FROM coredumps; DELETE FROM devices");
    to_bucket();
    EXPECT_EQ(folder(), Names{});
    EXPECT_EQ(server_.keys(), Names{});
}

}  // namespace
}  // namespace coredepot::core
