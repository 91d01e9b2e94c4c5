// The rows of firmware versions: with their files or not at all, and found by their ELF.

#include "firmware_test.hpp"

namespace coredepot::core {
namespace {

using FirmwareVersionRows = FirmwareTest;

TEST_F(FirmwareVersionRows, APublishThatThrowsIsRolledBack) {
    EXPECT_THROW(versions_.record(model_, {FirmwareVersion::trusted("1.0"), kSha256, kSha256},
                                  [] { throw std::runtime_error("disk"); }),
                 std::runtime_error);
    EXPECT_EQ(rows(), "");
    EXPECT_FALSE(model().firmware_version);
    EXPECT_TRUE(
        versions_.record(model_, {FirmwareVersion::trusted("1.0"), kSha256, kSha256}, [] {}));
}

TEST_F(FirmwareVersionRows, NothingIsPublishedForAModelThatIsGone) {
    bool published = false;
    EXPECT_FALSE(versions_.record(99, {FirmwareVersion::trusted("1.0"), kSha256, kSha256},
                                  [&] { published = true; }));
    EXPECT_FALSE(published);
}

TEST_F(FirmwareVersionRows, ReadersSeeNothingBeforeTheCommit) {
    versions_.record(model_, {FirmwareVersion::trusted("1.0"), kSha256, kSha256}, [&] {
        EXPECT_EQ(rows(), "");
        EXPECT_EQ(sql_value("SELECT firmware_version FROM device_models"), "");
    });
    EXPECT_EQ(sql_value("SELECT firmware_version FROM device_models"), "1.0");
}

TEST_F(FirmwareVersionRows, AreFoundByAPrefixOfTheirElf) {
    const auto other = add_model("b");
    const auto record = [&](std::int64_t model, const char* version,
                            const std::optional<std::string>& elf) {
        versions_.record(model, {FirmwareVersion::trusted(version), elf, kSha256}, [] {});
    };
    const auto find = [&](const std::string& prefix) {
        const auto bundles = versions_.find_by_elf(model_, prefix);
        return bundles.empty() ? "" : bundles.front().version.str();
    };
    record(model_, "1.0", "abc1" + std::string(60, '0'));
    record(model_, "2.0", "abc2" + std::string(60, '0'));
    record(model_, "3.0", std::nullopt);
    record(other, "4.0", "abc4" + std::string(60, '0'));
    EXPECT_EQ(find("abc1"), "1.0");
    EXPECT_EQ(find("abc2" + std::string(60, '0')), "2.0");
    EXPECT_EQ(find("abc4"), "");
    EXPECT_EQ(find("bc1"), "");
    EXPECT_EQ(find("abc"), "2.0");
    record(model_, "1.0", "abc1" + std::string(60, '0'));  // the newest upload now
    EXPECT_EQ(find("abc"), "1.0");
}

}  // namespace
}  // namespace coredepot::core
