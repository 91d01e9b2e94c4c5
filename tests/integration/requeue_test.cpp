// Back into the queue: because an admin says so, or because firmware arrived.

#include "db/requeue.hpp"

#include "db/coredumps.hpp"
#include "db/firmware_versions.hpp"
#include "db/parse_queue.hpp"
#include "lost_claim.hpp"
#include "support/database.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;

constexpr std::chrono::seconds kHour{3600};

class RequeueTest : public test::DatabaseTest {
  protected:
    std::int64_t add_parsed(std::int64_t at, const std::string& version = "1.0") {
        add_coredump(device_, at, version);
        const auto claim = queue_.claim(kHour).value();
        EXPECT_TRUE(queue_.record_parsed(
            claim, {"text", "signature", "title", "{}", std::nullopt, "packed"}));
        return claim.coredump_id;
    }
    std::int64_t add_waiting(std::int64_t at, const std::string& version,
                             const std::optional<std::string>& elf = std::nullopt) {
        add_coredump(device_, at, version);
        const auto claim = queue_.claim(kHour).value();
        EXPECT_EQ(queue_.record_want(claim, "no bundle", elf), WantOutcome::Recorded);
        return claim.coredump_id;
    }
    void upload(const std::string& version, const std::optional<std::string>& elf_sha256) {
        FirmwareVersions(database_).record(
            model_, {FirmwareVersion::trusted(version), elf_sha256, std::string(64, '0')}, [] {});
    }
    static std::string status(std::int64_t id) { return column(id, "parse_status"); }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, "abcd1234");
    Database database_{database_url(Role::Writer), "test", Mode::ReadWrite};
    ParseQueue queue_{database_};
    Requeue requeue_{database_};
};

TEST_F(RequeueTest, NothingOfWhatWasFoundOutIsShown) {
    const auto id = add_parsed(1);
    const auto requeued = requeue_.one(device_, id).value();
    EXPECT_EQ(sql("SELECT parse_status, attempts, lease, last_error, next_attempt_at <= now() "
                  "FROM coredumps"),
              (test::Rows{{"PENDING", "0", "", "", "t"}}));
    const auto found = Coredumps(database_).find(device_, id).value();
    for (const auto& detail : {requeued, found}) {
        EXPECT_EQ(detail.summary.parse_status, ParseStatus::Pending);
        EXPECT_FALSE(detail.parsed_output);
        EXPECT_FALSE(detail.report);
        EXPECT_FALSE(detail.packed);
    }
    for (const auto& summary : {requeued.summary, found.summary,
                                Coredumps(database_).of_device(device_, std::nullopt, 1).at(0)}) {
        EXPECT_FALSE(summary.parsed_at);
        EXPECT_FALSE(summary.signature);
        EXPECT_FALSE(summary.title);
    }
    EXPECT_EQ(queue_.claim(kHour).value().attempt, 1);
}

TEST_F(RequeueTest, AnElfThatIsGoneLeavesTheResultAsItWas) {
    const auto columns =
        "SELECT parsed_at, parsed_output, signature, title, report, packed_result FROM coredumps";
    const auto id = add_parsed(1);
    const auto before = sql(columns);
    for (int times = 0; times < 2; ++times) EXPECT_TRUE(requeue_.one(device_, id));
    EXPECT_EQ(queue_.record_want(queue_.claim(kHour).value(), "no bundle", "abc"),
              WantOutcome::Kept);
    EXPECT_EQ(sql(columns), before);
    EXPECT_EQ(sql("SELECT parse_status, last_error, lease, awaits_elf, awaits_firmware_since "
                  "FROM coredumps"),
              (test::Rows{{"PARSED", "no bundle", "", "", ""}}));
    // One that had none is an ERROR, as ever.
    EXPECT_EQ(status(add_waiting(2, "9.9")), "ERROR");
}

TEST_F(RequeueTest, AVerdictTakesThePlaceOfTheResult) {
    const auto id = add_parsed(1);
    EXPECT_TRUE(requeue_.one(device_, id));
    EXPECT_TRUE(queue_.record_error(queue_.claim(kHour).value(), "cannot be decoded", true));
    EXPECT_EQ(sql("SELECT parse_status, parsed_output, parsed_at, signature, title, report, "
                  "packed_result FROM coredumps"),
              (test::Rows{{"ERROR", "cannot be decoded", "", "", "", "", ""}}));
}

// What was an ERROR has no result to keep.
TEST_F(RequeueTest, AnErrorIsForgotten) {
    const auto id = add_waiting(1, "9.9");
    EXPECT_TRUE(requeue_.one(device_, id));
    EXPECT_EQ(column(id, "parsed_output"), "");
}

TEST_F(RequeueTest, NorIsItSuspectedAnyMore) {
    const auto id = add_coredump(device_, 1);
    queue_.claim(std::chrono::seconds(0));
    queue_.record_error(queue_.claim(kHour).value(), "why", true);
    EXPECT_EQ(column(id, "suspicion"), "1");
    EXPECT_TRUE(requeue_.one(device_, id));
    EXPECT_EQ(queue_.claim(kHour).value().suspicion, 0);
}

TEST_F(RequeueTest, OneThatIsNotTheDevices) {
    const auto id = add_parsed(1);
    const auto other = add_device(model_, "efgh5678");
    EXPECT_FALSE(requeue_.one(other, id));
    EXPECT_FALSE(requeue_.one(device_, id + 1));
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(RequeueTest, AClaimThatIsUnderWayRecordsNothing) {
    const auto id = add_coredump(device_, 1);
    const auto old = queue_.claim(kHour).value();
    EXPECT_TRUE(requeue_.one(device_, id));
    test::expect_lost(queue_, old);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(queue_.claim(kHour).value().attempt, 1);
}

TEST_F(RequeueTest, AllThatTheFilterNames) {
    const auto parsed = add_parsed(1, "1.0");
    const auto other_version = add_parsed(2, "2.0");
    const auto failed = add_waiting(3, "1.0");
    const auto other_model = add_model("b");
    add_coredump(add_device(other_model, "efgh5678"), 4, "1.0");
    const auto elsewhere = queue_.claim(kHour).value();
    queue_.record_error(elsewhere, "no", true);
    const auto version = FirmwareVersion::trusted("1.0");

    EXPECT_EQ(requeue_.matching({ParseStatus::Error, model_, version}), 1);
    EXPECT_EQ(status(failed), "PENDING");
    EXPECT_EQ(status(elsewhere.coredump_id), "ERROR");
    EXPECT_EQ(requeue_.matching({ParseStatus::Parsed, std::nullopt, version}), 1);
    EXPECT_EQ(status(parsed), "PENDING");
    EXPECT_EQ(status(other_version), "PARSED");
    EXPECT_EQ(requeue_.matching({std::nullopt, other_model, std::nullopt}), 1);
    EXPECT_EQ(status(elsewhere.coredump_id), "PENDING");
    EXPECT_EQ(requeue_.matching({ParseStatus::Error, std::nullopt, std::nullopt}), 0);
}

TEST_F(RequeueTest, AsManyAsThereAre) {
    sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at, "
        "parse_status, parsed_output) SELECT 1, 'coredump_20260101T000000_' || lpad(i::text, 6, "
        "'0') || 'Z.dmp', 'esp32', '1.0', 1, now(), 'ERROR', 'x' FROM generate_series(1, 2500) i");
    EXPECT_EQ(requeue_.matching({ParseStatus::Error, std::nullopt, std::nullopt}), 2500);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'"), "2500");
}

TEST_F(RequeueTest, RowsThatOthersHoldAreNotWaitedFor) {
    const auto held = add_parsed(1);
    const auto free = add_parsed(2);
    const test::OpenTransaction other("SELECT FROM coredumps WHERE id = 1 FOR UPDATE");
    EXPECT_EQ(requeue_.matching({ParseStatus::Parsed, std::nullopt, std::nullopt}), 1);
    EXPECT_EQ(status(held), "PARSED");
    EXPECT_EQ(status(free), "PENDING");
}

TEST_F(RequeueTest, TheBundleOfItsVersion) {
    const auto waiting = add_waiting(1, "1.0");
    const auto other = add_waiting(2, "2.0");
    upload("1.0", std::string(64, 'a'));
    EXPECT_EQ(requeue_.count_whose_firmware_arrived(), 1);
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 1);
    EXPECT_EQ(status(waiting), "PENDING");
    EXPECT_EQ(status(other), "ERROR");
    EXPECT_EQ(requeue_.whose_firmware_arrived(std::nullopt), 0);
}

TEST_F(RequeueTest, ABundleOfAnotherVersionWithItsElf) {
    const auto waiting = add_waiting(1, "1.0", "abc");
    upload("2.0", std::string(64, 'a'));
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 0);
    upload("3.0", "abc" + std::string(61, '0'));
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 1);
    EXPECT_EQ(status(waiting), "PENDING");
}

TEST_F(RequeueTest, NotWhatWasThereAlreadyAndNotAPlainImage) {
    upload("1.0", std::string(64, 'a'));
    add_waiting(1, "1.0");
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 0);  // that one it was looked for in
    upload("1.0", std::nullopt);
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 0);
    upload("1.0", std::string(64, 'b'));
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 1);
}

TEST_F(RequeueTest, NotOfAnotherModel) {
    const auto other = add_model("b");
    add_waiting(1, "1.0");
    FirmwareVersions(database_).record(
        other, {FirmwareVersion::trusted("1.0"), std::string(64, 'a'), std::string(64, '0')},
        [] {});
    EXPECT_EQ(requeue_.count_whose_firmware_arrived(), 0);
    EXPECT_EQ(requeue_.whose_firmware_arrived(std::nullopt), 0);
}

TEST_F(RequeueTest, AVerdictOfTheSidecarWaitsForNoFirmware) {
    add_coredump(device_, 1, "1.0");
    queue_.record_error(queue_.claim(kHour).value(), "truncated", true);
    upload("1.0", std::string(64, 'a'));
    EXPECT_EQ(requeue_.whose_firmware_arrived(model_), 0);
}

}  // namespace
}  // namespace coredepot::db
