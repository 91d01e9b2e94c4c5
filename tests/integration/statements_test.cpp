// The server looks at a statement when it is first executed, so each has to be once.

#include "statements_test.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "db/alert_outbox.hpp"
#include "db/alert_targets.hpp"
#include "db/coredump_search.hpp"
#include "db/coredumps.hpp"
#include "db/deletions.hpp"
#include "db/derived_sums.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "db/dump_moves.hpp"
#include "db/dump_objects.hpp"
#include "db/firmware_moves.hpp"
#include "db/firmware_objects.hpp"
#include "db/firmware_versions.hpp"
#include "db/hosts.hpp"
#include "db/inventory.hpp"
#include "db/issue_upkeep.hpp"
#include "db/issues.hpp"
#include "db/kept_files.hpp"
#include "db/model_versions.hpp"
#include "db/parse_queue.hpp"
#include "db/requeue.hpp"
#include "db/session.hpp"
#include "db/sidecar_outages.hpp"
#include "db/signature_rules.hpp"
#include "db/spool_claims.hpp"
#include "db/statistics.hpp"
#include "db/triage.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;
using Names = std::set<std::string>;

/// The names of the statements in shared/db, as often as they are there.
std::multiset<std::string> written_statements() {
    static const std::regex statement(R"re(Statement k\w+\{\s*"(\w+)")re");
    std::multiset<std::string> names;
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

}  // namespace

void StatementsTest::execute_all() {
    DeviceModels models(writing);
    Devices devices(writing);
    Coredumps coredumps(writing);
    FirmwareVersions versions(writing);
    ParseQueue queue(writing);

    EXPECT_TRUE(writing.is_available());
    EXPECT_TRUE(take_host_name(writing, "host", "machine"));
    EXPECT_FALSE(take_host_name(writing, "host", "another"));
    queue.is_due();
    queue.waiting_elsewhere(std::chrono::seconds(0));
    queue.take_over({1});
    const auto model = models.insert(ModelCode::trusted("a"), "A").value();
    EXPECT_EQ(models.list().size(), 1U);
    EXPECT_TRUE(models.find(model.id));
    EXPECT_TRUE(models.find(model.code));
    EXPECT_TRUE(models.rename(model.id, "B"));

    const auto key = DeviceKey::trusted("abcd1234");
    const auto device = devices.insert(model.id, key, std::nullopt).device.value();
    devices.insert_all({{key, model.code}});
    EXPECT_EQ(devices.list({}).size(), 1U);
    EXPECT_EQ(devices.list({model.id, 0, 1}).size(), 1U);
    EXPECT_TRUE(devices.any());
    EXPECT_TRUE(devices.find(device.id));
    EXPECT_TRUE(devices.find(key));
    EXPECT_EQ(devices.change(device.id, {"name", ClientId::trusted("client")}).index(), 0U);
    EXPECT_TRUE(devices.find_client(ClientId::trusted("client")));
    EXPECT_TRUE(devices.note_running(device.id, FirmwareVersion::trusted("1.0")));

    const std::string sha256(64, 'a');
    EXPECT_TRUE(
        versions.record(model.id, {FirmwareVersion::trusted("1.0"), sha256, sha256}, [] {}));
    EXPECT_EQ(versions.find_by_elf(model.id, "aaaa").size(), 1U);
    EXPECT_EQ(versions.find(model.id, FirmwareVersion::trusted("1.0")).value().elf_sha256, sha256);
    const std::string another(64, 'b');
    versions.record(model.id, {FirmwareVersion::trusted("1.0"), another, sha256}, [] {});
    versions.note_use(model.id, sha256);
    EXPECT_EQ(versions.give_up_elves(model.id, 0).size(), 1U);
    versions.record(
        model.id,
        {FirmwareVersion::trusted("1.0"), another, sha256, "bundles/a/b.zip", "images/a/a.bin"},
        [] {});
    versions.record(model.id, {FirmwareVersion::trusted("1.0"), another, sha256}, [] {});
    FirmwareObjects firmware_objects(writing);
    EXPECT_EQ(firmware_objects.models_with_dropped(), std::set{model.code});
    firmware_objects.note_dropped("bundles/a/b.zip");
    EXPECT_TRUE(firmware_objects.knows(model.code, "bundles/a/b.zip"));
    EXPECT_FALSE(firmware_objects.is_named(model.code, "bundles/a/b.zip"));
    EXPECT_TRUE(firmware_objects.named_of(model.code).empty());
    EXPECT_EQ(firmware_objects.model_of(model.code), model.id);
    EXPECT_TRUE(firmware_objects.has_dropped(model.code));
    FirmwareMoves firmware_moves(writing);
    EXPECT_EQ(firmware_moves.models().size(), 1U);
    const auto in_folder = firmware_moves.versions_of(model.id).at(0);
    const auto point = [&](const auto& from, const auto& bundle, const auto& image) {
        return firmware_moves.point(model.id, from, bundle, image, [] {});
    };
    EXPECT_TRUE(point(in_folder, "bundles/a/c.zip", "images/a/c.bin"));
    EXPECT_FALSE(point(in_folder, std::nullopt, std::nullopt));
    EXPECT_TRUE(point(firmware_moves.versions_of(model.id).at(0), std::nullopt, std::nullopt));
    EXPECT_TRUE(firmware_moves.kept_of(model.id).empty());
    EXPECT_FALSE(firmware_moves.point(model.id, {sha256, std::nullopt}, "bundles/a/c.zip", [] {}));
    EXPECT_FALSE(versions.current_image_object(model.code));
    EXPECT_FALSE(versions.any_in_bucket());
    const std::string third(64, 'c');
    EXPECT_EQ(firmware_objects.adopt(model.code, {FirmwareVersion::trusted("1.0"), third, sha256}),
              FirmwareObjects::Adopted::Kept);
    EXPECT_EQ(versions.give_up_elves(model.id, 0).size(), 1U);
    firmware_objects.remove_dropped(model.code, std::chrono::seconds(0),
                                    [](const auto&) { return true; });

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
    NewCoredump by_key{NewCoredump::kByKey,
                       filename_at(102),
                       Chip::trusted("esp32c3"),
                       FirmwareVersion::trusted("1.0"),
                       1,
                       Timestamp(std::chrono::microseconds(102))};
    by_key.device = DeviceOfModel{key, model.code};
    coredumps.store(by_key, {20, Retention::Diverse});
    coredumps.remove_some(device.id, std::nullopt);
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < 5; ++i) last = store(i, {20});
    const std::chrono::seconds lease(30);
    EXPECT_TRUE(queue.release(queue.claim(lease).value()));
    const auto parsed = queue.claim(lease).value();
    EXPECT_TRUE(queue.renew(parsed, lease));
    EXPECT_TRUE(queue.parse_alone(parsed, lease));
    EXPECT_EQ(queue.bring_forward(lease, lease), 0);
    EXPECT_TRUE(queue.record_parsed(parsed, {"output", "signature", "title", "{}"},
                                    FirmwareVersion::trusted("1.0")));
    EXPECT_TRUE(queue.record_error(queue.claim(lease).value(), "why", true));
    EXPECT_TRUE(queue.record_failure(queue.claim(lease).value(), "why", lease));
    EXPECT_EQ(queue.record_want(queue.claim(lease).value(), "why", "bbbb"), WantOutcome::Recorded);

    Requeue requeue(writing);
    EXPECT_TRUE(requeue.one(device.id, last));
    EXPECT_EQ(requeue.matching({ParseStatus::Error, model.id, FirmwareVersion::trusted("1.0")}), 1);
    EXPECT_EQ(requeue.whose_firmware_arrived(model.id), 0);
    EXPECT_EQ(requeue.whose_elf_arrived(model.id, sha256), 0);
    EXPECT_EQ(requeue.count_whose_firmware_arrived(), 0);

    SignatureRulesTable rules(writing);
    EXPECT_TRUE(rules.replace(model.id, {{"app_fatal"}, {}}));
    EXPECT_TRUE(rules.find(model.id).value().requeueing);
    EXPECT_TRUE(rules.requeue());

    Inventory inventory(writing);
    EXPECT_EQ(inventory.coredumps_of({key}).at(key).size(), 5U);
    EXPECT_EQ(inventory.devices_with_coredumps("").size(), 1U);
    EXPECT_EQ(inventory.versions_of(model.code).size(), 1U);
    EXPECT_EQ(inventory.models().size(), 1U);
    EXPECT_EQ(inventory.kept_elves_of(model.code).size(), 0U);

    EXPECT_EQ(inventory.labels_of({key}).at(key).size(), 5U);

    Deletions deletions(writing);
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 1U);
    const auto page = deletions.page(std::nullopt, std::chrono::seconds(-60));
    EXPECT_EQ(page.old.size(), 3U);
    EXPECT_EQ(page.last->filename, filename_at(102));
    EXPECT_FALSE(deletions.page(page.last, std::chrono::seconds(0)).last);
    deletions.forget(page.old, std::chrono::seconds(60));
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 1U);
    deletions.forget(page.old, std::chrono::seconds(-60));
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 0U);

    Issues issues(writing);
    Triage triage(writing);
    const auto issue = issues.list({}, std::nullopt, 10).at(0).issue.id;
    EXPECT_EQ(issues.id_of({issue}), issue);
    EXPECT_EQ(issues.find({0, model.code, 1})->summary.id, issue);
    sql("WITH other AS (INSERT INTO device_models (code, name) VALUES ('other', 'o') RETURNING id),"
        "     i AS (INSERT INTO issues (device_model_id, number, state, kind)"
        "           SELECT id, 1, 'open', 'k' FROM other RETURNING id, device_model_id)"
        "INSERT INTO signatures (device_model_id, signature, issue_id)"
        " SELECT device_model_id, 'signature', id FROM i");
    EXPECT_NE(issues.find({issue})->elsewhere, "[]");
    sql("DELETE FROM device_models WHERE code = 'other'");
    EXPECT_EQ(issues.versions(issue).size(), 1U);
    EXPECT_EQ(issues.devices(issue, 0, 10).size(), 1U);
    EXPECT_EQ(issues.history(issue, std::nullopt, 10).size(), 1U);
    EXPECT_NE(issues.series(issue).days, "");
    EXPECT_EQ(issues.similar(issue).size(), 0U);
    EXPECT_EQ(ModelVersions(writing).of_model(model.id).size(), 1U);
    EXPECT_EQ(CoredumpSearch(writing).find({issue}, std::nullopt, 10).coredumps.size(), 1U);
    EXPECT_EQ(
        CoredumpSearch(writing).find({std::nullopt, device.id}, std::nullopt, 2).coredumps.size(),
        2U);
    EXPECT_EQ(CoredumpSearch(writing).find({}, std::nullopt, 10).coredumps.size(), 5U);
    EXPECT_EQ(devices.list({std::nullopt, 0, 1, "cd12"}).size(), 1U);
    using Kind = IssueChange::Kind;
    using Outcome = Triage::Outcome;
    for (const auto kind : {Kind::LinkTicket, Kind::Mute, Kind::Resolve, Kind::Open}) {
        EXPECT_EQ(triage.change(issue, std::nullopt, {kind}, {"sub", "name"}), Outcome::Done);
    }
    EXPECT_EQ(triage.merge(issue, std::nullopt, issue, {}), Outcome::Same);
    EXPECT_EQ(triage.split(issue, 1, "x", {}).outcome, Outcome::Stale);
    EXPECT_TRUE(triage.comment(issue, "text", {}));

    sql("UPDATE uncounted_coredumps SET last = 1000");
    EXPECT_FALSE(IssueUpkeep(writing).work([] { return false; }));

    AlertTargets targets(writing);
    AlertTargetChange target;
    target.name = target.address = target.shown_address = "x";
    target.kind = AlertKind::Slack;
    target.events = {"issue.spike", "digest"};
    target.models.emplace(std::nullopt);
    target.min_devices = 0;
    target.enabled = true;
    const auto told = targets.insert(target);
    EXPECT_EQ(targets.count(), 1);
    EXPECT_EQ(targets.list().size(), 1U);
    EXPECT_TRUE(targets.change(told, target));
    EXPECT_TRUE(targets.find(told));
    EXPECT_EQ(targets.unknown_models({"a", "no"}), std::vector<std::string>{"no"});
    AlertOutbox outbox(writing);
    sql("UPDATE alert_targets SET digested_on = '-infinity'");
    sql("INSERT INTO alert_events (target_id, issue_id, event) SELECT " + std::to_string(told) +
        ", " + std::to_string(issue) + ", 'issue.spike'");
    outbox.look_around({1, 1, 0});
    EXPECT_TRUE(outbox.has_news());
    EXPECT_TRUE(outbox.next_in());
    EXPECT_TRUE(targets.test(told));
    for (const auto* event : {"test", "issue.spike", "digest"}) {
        sql("SET enable_seqscan = off;"
            "UPDATE alert_events SET due_at = now() WHERE id > 0;"
            "SET enable_seqscan = on;"
            "UPDATE alert_targets SET quiet_until = now()");
        const auto claim = outbox.claim(lease, "https://x");
        ASSERT_TRUE(claim);
        EXPECT_EQ(claim->event, event);
        EXPECT_TRUE(outbox.record(*claim, {AlertAttempt::Outcome::Delivered}));
    }
    EXPECT_EQ(targets.deliveries(told, std::nullopt, 10).size(), 3U);
    EXPECT_EQ(alert_state(writing).well, 1);
    EXPECT_EQ(do_alerts_fail(writing), false);
    EXPECT_TRUE(targets.remove(told));

    KeptFiles files(writing);
    EXPECT_TRUE(files.reserve());
    while (files.take_in_changes()) {
    }
    EXPECT_EQ(files.state().files, 5U);
    EXPECT_FALSE(files.recount());
    EXPECT_EQ(files.expire({1, 1, 10, 0}), 0);
    EXPECT_EQ(files.expire({1, 1, 10, 0, true}), 0);
    EXPECT_EQ(files.expire_before(Timestamp(), 10), 0);
    sql("INSERT INTO expired_files VALUES (1, 'abcd1234', 'coredump_20260211T143000_123456Z.dmp')");
    EXPECT_EQ(files.to_remove().size(), 1U);
    files.removed(files.to_remove());
    files.note_unmet("a setting");
    files.release();

    DerivedSums sums(writing);
    EXPECT_FALSE(sums.issues(0).at(0).is_wrong);
    EXPECT_EQ(sums.versions(0).size(), 1U);
    EXPECT_FALSE(sums.files_are_wrong());
    sums.repair_issue(issue);
    sums.repair_version(1);

    SidecarOutages outages(writing);
    outages.record("sidecar", lease);
    EXPECT_TRUE(outages.find("sidecar", lease, lease));
    outages.pass_turn("sidecar");
    outages.end("sidecar");

    sql("UPDATE coredump_statistics SET took = '0'");
    EXPECT_TRUE(count_coredumps(writing));
    EXPECT_EQ(coredump_statistics(writing).bytes, 5U);
    EXPECT_EQ(coredumps.of_device(device.id).size(), 5U);
    EXPECT_TRUE(coredumps.find(device.id, last));
    EXPECT_TRUE(coredumps.file(device.id, last));
    EXPECT_TRUE(coredumps.remove(device.id, last));
    EXPECT_EQ(coredumps.remove_some(device.id, std::nullopt).files.size(), 4U);
    EXPECT_EQ(devices.objects_of(device.id).size(), 0U);
    DumpMoves moves(writing);
    EXPECT_EQ(moves.page(DumpMoves::From::Folder, 0, 10).size(), 0U);
    EXPECT_FALSE(moves.point(last, std::nullopt, "key", [] {}));
    EXPECT_FALSE(moves.row(key, DumpFilename::trusted("coredump_20261130T120000_000000Z.dmp")));
    moves.with_row(key, DumpFilename::trusted("coredump_20261130T120000_000000Z.dmp"),
                   [](const auto& row) { EXPECT_FALSE(row); });
    DumpObjects objects(writing);
    EXPECT_TRUE(objects.reserve());
    EXPECT_EQ(objects.page("", "z", 10).size(), 0U);
    EXPECT_FALSE(objects.named(key, filename_at(100)));
    EXPECT_TRUE(SpoolClaims(writing).claim("a key"));
    EXPECT_TRUE(devices.remove(device.id));
    EXPECT_EQ(models.remove(model.id), DeviceModels::Removal::Removed);
}

namespace {

TEST_F(StatementsTest, EachIsExecutedByTheRoleThatNeedsIt) {
    execute_all();
    const auto written = written_statements();
    EXPECT_EQ(executed_statements(writing), Names(written.begin(), written.end()));
}

// A connection prepares a name once, and would execute the first of two in place of the second.
TEST(Statements, NoTwoShareAName) {
    const auto written = written_statements();
    for (const auto& name : written) EXPECT_EQ(written.count(name), 1U) << name;
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
