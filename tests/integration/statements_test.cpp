// libpqxx 6 has a statement's SQL looked at when it is first executed, so each has to be once.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "db/coredumps.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "db/firmware_versions.hpp"
#include "db/inventory.hpp"
#include "db/parse_queue.hpp"
#include "db/requeue.hpp"
#include "db/session.hpp"
#include "db/sidecar_outages.hpp"
#include "db/statistics.hpp"
#include "support/database.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;
using Names = std::set<std::string>;

/// The names of the statements in shared/db.
Names written_statements() {
    static const std::regex statement(R"re(Statement k\w+\{\s*"(\w+)")re");
    Names names;
    for (const auto& entry :
         std::filesystem::directory_iterator(COREDEPOT_SOURCE_DIR "/shared/db")) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const auto source = text.str();
        for (std::sregex_iterator match(source.begin(), source.end(), statement), end; match != end;
             ++match) {
            names.insert((*match)[1]);
        }
    }
    return names;
}

/// The names of those that were prepared on the connection.
Names executed_statements(Database& database) {
    constexpr Statement kPrepared{"prepared", "SELECT name FROM pg_prepared_statements"};
    Names names;
    for (const auto& row : database.session().execute(kPrepared)) names.insert(row[0].c_str());
    names.erase("prepared");
    return names;
}

class StatementsTest : public test::DatabaseTest {};

TEST_F(StatementsTest, EachIsExecutedByTheRoleThatNeedsIt) {
    Database writing(database_url(Role::Writer), "test", Mode::ReadWrite);
    DeviceModels models(writing);
    Devices devices(writing);
    Coredumps coredumps(writing);
    FirmwareVersions versions(writing);
    ParseQueue queue(writing);

    EXPECT_TRUE(writing.is_available());
    const auto model = models.insert(ModelCode::trusted("a"), "A").value();
    EXPECT_EQ(models.all().size(), 1U);
    EXPECT_TRUE(models.find(model.id));
    EXPECT_TRUE(models.find(model.code));
    EXPECT_TRUE(models.rename(model.id, "B"));

    const auto key = DeviceKey::trusted("abcd1234");
    const auto device = devices.insert(model.id, key, std::nullopt).device.value();
    EXPECT_EQ(devices.all(std::nullopt).size(), 1U);
    EXPECT_EQ(devices.all(model.id).size(), 1U);
    EXPECT_TRUE(devices.find(device.id));
    EXPECT_TRUE(devices.find(key));
    EXPECT_TRUE(devices.rename(device.id, "name"));

    const std::string sha256(64, 'a');
    EXPECT_TRUE(
        versions.record(model.id, {FirmwareVersion::trusted("1.0"), sha256, sha256}, [] {}));
    EXPECT_TRUE(versions.find_by_elf(model.id, "aaaa"));

    const auto store = [&](std::int64_t at, const StoreRules& rules) {
        return std::get<StoredCoredump>(
                   coredumps.store({device.id, filename_at(at), Chip::trusted("esp32c3"),
                                    FirmwareVersion::trusted("1.0"), 1,
                                    Timestamp(std::chrono::microseconds(at))},
                                   rules))
            .id;
    };
    store(100, {20});
    store(101, {1, Retention::Diverse});
    coredumps.remove_all(device.id);
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < 5; ++i) last = store(i, {20});
    const std::chrono::seconds lease(30);
    EXPECT_TRUE(queue.release(queue.claim(lease).value()));
    const auto parsed = queue.claim(lease).value();
    EXPECT_TRUE(queue.renew(parsed, lease));
    EXPECT_TRUE(queue.record_parsed(parsed, test::text_only("output")));
    EXPECT_TRUE(queue.record_error(queue.claim(lease).value(), "why", true));
    EXPECT_TRUE(queue.record_failure(queue.claim(lease).value(), "why", lease));
    EXPECT_EQ(queue.record_want(queue.claim(lease).value(), "why", "bbbb"), WantOutcome::Recorded);

    Requeue requeue(writing);
    EXPECT_TRUE(requeue.one(device.id, last));
    EXPECT_EQ(requeue.matching({ParseStatus::Error, model.id, FirmwareVersion::trusted("1.0")}), 1);
    EXPECT_EQ(requeue.whose_firmware_arrived(model.id), 0);
    EXPECT_EQ(requeue.count_whose_firmware_arrived(), 0);

    Inventory inventory(writing);
    EXPECT_EQ(inventory.coredumps_of({key}).at(key).size(), 5U);
    EXPECT_EQ(inventory.devices_with_coredumps("").size(), 1U);
    EXPECT_EQ(inventory.versions_of(model.code).size(), 1U);
    EXPECT_EQ(inventory.models().size(), 1U);

    SidecarOutages outages(writing);
    outages.record("sidecar", lease);
    EXPECT_TRUE(outages.find("sidecar", lease));
    outages.pass_turn("sidecar");
    outages.end("sidecar");

    sql("UPDATE coredump_statistics SET took = '0'");
    EXPECT_TRUE(count_coredumps(writing));
    EXPECT_EQ(coredump_statistics(writing).bytes, 5U);
    EXPECT_EQ(coredumps.of_device(device.id).size(), 5U);
    EXPECT_TRUE(coredumps.find(device.id, last));
    EXPECT_TRUE(coredumps.file(device.id, last));
    EXPECT_TRUE(coredumps.remove(device.id, last));
    EXPECT_EQ(coredumps.remove_all(device.id).size(), 4U);
    EXPECT_TRUE(devices.remove(device.id));
    EXPECT_EQ(models.remove(model.id), DeviceModels::Removal::Removed);

    EXPECT_EQ(executed_statements(writing), written_statements());
}

TEST_F(StatementsTest, ReadersGetByWithTheReadersRole) {
    const auto device = add_device(add_model("a"), "abcd1234");
    const auto id = add_coredump(device, 1);
    Database reading(database_url(Role::Reader), "test", Mode::ReadOnly);
    Coredumps coredumps(reading);
    Devices devices(reading);
    EXPECT_TRUE(reading.is_available());
    EXPECT_TRUE(devices.find(device));
    EXPECT_EQ(coredumps.of_device(device).size(), 1U);
    EXPECT_TRUE(coredumps.find(device, id));
    EXPECT_TRUE(coredumps.file(device, id));
    coredump_statistics(reading);
}

TEST_F(StatementsTest, AReadOnlyConnectionCannotWriteEvenAsWriter) {
    Database reading(database_url(Role::Writer), "test", Mode::ReadOnly);
    EXPECT_THROW(DeviceModels(reading).insert(ModelCode::trusted("a"), "A"), pqxx::sql_error);
    EXPECT_TRUE(reading.is_available());
    EXPECT_EQ(sql_value("SELECT count(*) FROM device_models"), "0");
}

}  // namespace
}  // namespace coredepot::db
