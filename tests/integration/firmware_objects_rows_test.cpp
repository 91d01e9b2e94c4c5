// Which firmware in the bucket rows name: what devices download, and what may be removed.

#include "db/firmware_objects.hpp"
#include "firmware_test.hpp"

namespace coredepot::core {
namespace {

using std::chrono::seconds;

class FirmwareObjectRows : public FirmwareTest {
  protected:
    /// A build whose hashes and objects are of one character each.
    static db::FirmwareVersionRecord build(const char* version, char elf, char bin) {
        return {FirmwareVersion::trusted(version), std::string(64, elf), std::string(64, bin),
                std::string("bundles/a/") + elf + ".zip", std::string("images/a/") + bin + ".bin"};
    }
    void record(const char* version, char elf, char bin) {
        EXPECT_TRUE(versions_.record(model_, build(version, elf, bin), [] {}));
    }
    /// As a program of before there were objects has it.
    void record_as_before(const char* version, char elf, char bin) const {
        const auto record = build(version, elf, bin);
        sql("UPDATE device_models SET firmware_version = '" + std::string(version) +
                "', firmware_revision = firmware_revision + 1; "
                "INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256, "
                "revision) VALUES (" +
                std::to_string(model_) + ", '" + version + "', '" + *record.elf_sha256 + "', '" +
                record.bin_sha256 +
                "', 1) ON CONFLICT (device_model_id, version) DO UPDATE SET "
                "elf_sha256 = excluded.elf_sha256, bin_sha256 = excluded.bin_sha256",
            Role::Writer);
    }
    /// What would be removed now.
    Names dropped(seconds age = seconds(0)) {
        Names names;
        objects_.remove_dropped(ModelCode::trusted("a"), age, [&](const std::string& object) {
            names.push_back(object);
            return false;
        });
        return names;
    }

    db::FirmwareObjects objects_{database_};
};

TEST_F(FirmwareObjectRows, DevicesDownloadTheImageOfTheCurrentVersion) {
    const auto current = [&] { return versions_.current_image_object(ModelCode::trusted("a")); };
    EXPECT_FALSE(current());
    EXPECT_FALSE(versions_.any_in_bucket());
    record("1.0", 'a', 'b');
    EXPECT_EQ(current(), "images/a/b.bin");
    record("2.0", 'c', 'd');
    EXPECT_EQ(current(), "images/a/d.bin");
    record("2.0", 'e', 'f');
    EXPECT_EQ(current(), "images/a/f.bin");
    sql("UPDATE device_models SET firmware_version = '1.0'", Role::Writer);  // by hand
    EXPECT_EQ(current(), "images/a/b.bin");
    versions_.record(model_, {FirmwareVersion::trusted("1.0"), kSha256, kSha256}, [] {});
    EXPECT_FALSE(current());
    EXPECT_TRUE(versions_.any_in_bucket());
    EXPECT_FALSE(versions_.current_image_object(ModelCode::trusted("b")));
}

TEST_F(FirmwareObjectRows, AProgramThatKnowsNoObjectsLeavesNoneOfAnotherBuild) {
    record("1.0", 'a', 'b');
    record_as_before("1.0", 'a', 'b');  // the same build: it is in the bucket as it was
    EXPECT_EQ(versions_.current_image_object(ModelCode::trusted("a")), "images/a/b.bin");
    record_as_before("1.0", 'c', 'd');
    EXPECT_FALSE(versions_.current_image_object(ModelCode::trusted("a")));
    const auto version = versions_.find(model_, FirmwareVersion::trusted("1.0")).value();
    EXPECT_FALSE(version.bundle_object);
    EXPECT_EQ(version.elf_sha256, std::string(64, 'c'));
    record_as_before("2.0", 'e', 'f');
    EXPECT_FALSE(versions_.current_image_object(ModelCode::trusted("a")));
    const auto kept = versions_.find_by_elf(model_, "aaaa");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].object, "bundles/a/a.zip");
}

TEST_F(FirmwareObjectRows, AReplacedBuildIsFoundInItsBundle) {
    record("1.0", 'a', 'b');
    record("1.0", 'c', 'd');
    const auto kept = versions_.find_by_elf(model_, "aaaa");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_TRUE(kept[0].kept);
    EXPECT_EQ(kept[0].object, "bundles/a/a.zip");
    EXPECT_EQ(versions_.find_by_elf(model_, "cccc").at(0).object, "bundles/a/c.zip");
}

TEST_F(FirmwareObjectRows, WhatARowNamesIsNotRemoved) {
    record("1.0", 'a', 'b');
    record("1.0", 'a', 'b');
    EXPECT_EQ(dropped(), Names{});
    record("1.0", 'c', 'd');
    // The bundle is kept for its ELF.
    EXPECT_EQ(dropped(), Names{"images/a/b.bin"});
    record("1.0", 'a', 'b');
    EXPECT_EQ(dropped(), Names{"images/a/d.bin"});
    versions_.give_up_elves(model_, 0);
    EXPECT_EQ(dropped(), (Names{"bundles/a/c.zip", "images/a/d.bin"}));
}

TEST_F(FirmwareObjectRows, WhatIsGoneIsForgottenAndTheRestComesAgain) {
    record("1.0", 'a', 'b');
    record("1.0", 'c', 'd');
    versions_.give_up_elves(model_, 0);
    objects_.remove_dropped(ModelCode::trusted("a"), seconds(0),
                            [](const std::string& object) { return object == "images/a/b.bin"; });
    EXPECT_EQ(dropped(), Names{"bundles/a/a.zip"});
    EXPECT_EQ(dropped(seconds(600)), Names{});
}

TEST_F(FirmwareObjectRows, ADeletedModelsObjectsMayGo) {
    record("1.0", 'a', 'b');
    record("1.0", 'c', 'd');
    add_model("b");
    sql("DELETE FROM device_models WHERE code = 'a'", Role::Writer);
    EXPECT_EQ(dropped(),
              (Names{"bundles/a/a.zip", "bundles/a/c.zip", "images/a/b.bin", "images/a/d.bin"}));
    EXPECT_EQ(objects_.models_with_dropped(), std::set{ModelCode::trusted("a")});
    // A new model of that code names some of them again.
    model_ = add_model("a");
    record("2.0", 'c', 'b');
    EXPECT_EQ(dropped(), (Names{"bundles/a/a.zip", "images/a/d.bin"}));
}

TEST_F(FirmwareObjectRows, NothingIsRemovedWhileItIsPublished) {
    record("1.0", 'a', 'b');
    record("1.0", 'c', 'd');
    std::thread remover;
    versions_.record(model_, build("2.0", 'a', 'b'), [&] {
        remover = std::thread([] {
            db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
            db::FirmwareObjects(database).remove_dropped(ModelCode::trusted("a"), seconds(0),
                                                         [](const std::string& object) {
                                                             ADD_FAILURE() << object;
                                                             return false;
                                                         });
        });
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
    });
    remover.join();
}

}  // namespace
}  // namespace coredepot::core
