#include "storage/firmware_store.hpp"

#include <gtest/gtest.h>

#include "os/storage_error.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using test::content_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

const ModelCode kCode = ModelCode::trusted("a");
const FirmwareVersion kOne = FirmwareVersion::trusted("1.0");
const FirmwareVersion kTwo = FirmwareVersion::trusted("2.0");

class FirmwareStoreTest : public testing::Test {
  protected:
    void publish_bundle(const FirmwareVersion& version, const std::string& content) const {
        auto files = store_.prepare_bundle(kCode, version, content, "image of " + content);
        files.publish();
        files.keep();
    }

    test::TemporaryFolder assets_;
    FirmwareStore store_{assets_.path()};
};

TEST_F(FirmwareStoreTest, NothingThereIsNothing) {
    EXPECT_FALSE(store_.open_bundle(kCode, kOne));
    EXPECT_FALSE(store_.open_flat(kCode));
}

TEST_F(FirmwareStoreTest, BundleAndFlatImageAppearTogether) {
    publish_bundle(kOne, "one");
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), "one");
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), "image of one");
    EXPECT_TRUE(store_.open_bundle(kCode, kOne));
    EXPECT_TRUE(store_.open_flat(kCode));
}

TEST_F(FirmwareStoreTest, SeveralVersionsAreKept) {
    publish_bundle(kOne, "one");
    publish_bundle(kTwo, "two");
    EXPECT_EQ(names_in(assets_ / "a"), (Names{"firmware-1.0.zip", "firmware-2.0.zip"}));
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), "image of two");
}

TEST_F(FirmwareStoreTest, TheSameVersionIsReplaced) {
    publish_bundle(kOne, "one");
    publish_bundle(kOne, "another");
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-1.0.zip"});
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), "another");
}

TEST_F(FirmwareStoreTest, ABundleThatIsKeptOutlivesItsReplacement) {
    const std::string elf(64, 'e');
    store_.keep_bundle(kCode, kOne, elf);
    EXPECT_FALSE(store_.open_kept(kCode, elf)) << "there is none to keep";
    publish_bundle(kOne, "one");
    store_.keep_bundle(kCode, kOne, elf);
    store_.keep_bundle(kCode, kOne, elf);
    publish_bundle(kOne, "another");
    EXPECT_EQ(content_of(assets_ / ".replaced/a" / (elf + ".zip")), "one");
    EXPECT_TRUE(store_.open_kept(kCode, elf));
    store_.remove_kept(kCode, elf);
    EXPECT_EQ(names_in(assets_ / ".replaced/a"), Names{});
}

TEST_F(FirmwareStoreTest, NotPublishedItLeavesNothing) {
    (void)store_.prepare_bundle(kCode, kOne, "one", "image");
    EXPECT_EQ(names_in(assets_ / "a"), Names{});
    EXPECT_EQ(names_in(assets_.path()), Names{"a"});
}

TEST_F(FirmwareStoreTest, APlainImageTakesTheBundleOfItsVersionAway) {
    publish_bundle(kOne, "one");
    publish_bundle(kTwo, "two");
    auto files = store_.prepare_flat(kCode, kOne, "plain");
    files.publish();
    files.keep();
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-2.0.zip"});
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), "plain");
}

TEST_F(FirmwareStoreTest, RemoveModelTakesAllVersionsAndTheFlatImage) {
    publish_bundle(kOne, "one");
    publish_bundle(kTwo, "two");
    write_file(assets_ / "firmware-b.bin", "of another");
    write_file(assets_ / "b/firmware-1.0.zip", "of another");
    store_.remove_model(kCode);
    EXPECT_EQ(names_in(assets_.path()), (Names{"b", "firmware-b.bin"}));
    store_.remove_model(kCode);
}

TEST_F(FirmwareStoreTest, WithoutTheAssetsFolderNothingIsStored) {
    const FirmwareStore lost(assets_ / "missing");
    EXPECT_THROW((void)lost.prepare_bundle(kCode, kOne, "one", "image"), os::StorageError);
}

}  // namespace
}  // namespace coredepot::storage
