// Device models and devices: the use cases on real tables and folders.

#include "core/coredumps/coredumps.hpp"
#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/registry/device_models.hpp"
#include "core/registry/devices.hpp"
#include "support/database.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using test::database_url;
using test::names_in;
using test::Role;
using test::write_file;
using Names = std::vector<std::string>;

class RegistryTest : public test::DatabaseTest {
  protected:
    /// The text that `action` is refused with as a `Refusal`; "" when it is not.
    template <class Refusal>
    static std::string refusal(const std::function<void()>& action) {
        try {
            action();
        } catch (const Refusal& error) {
            return error.what();
        }
        return "";
    }

    std::vector<std::int64_t> ids(const DeviceSelection& selection) {
        std::vector<std::int64_t> found;
        for (const auto& device : devices_.list(selection).items) found.push_back(device.id);
        return found;
    }

    test::TemporaryFolder assets_;
    test::TemporaryFolder dumps_;
    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
    db::DeviceModels model_rows_{database_};
    db::Devices device_rows_{database_};
    db::Coredumps coredump_rows_{database_};
    storage::DumpStore store_{dumps_.path()};
    DeviceModels models_{model_rows_, storage::FirmwareStore(assets_.path()),
                         storage::ImageCache(assets_.path())};
    Devices devices_{device_rows_, model_rows_, DumpFiles(store_)};
    Coredumps coredumps_{device_rows_, coredump_rows_, DumpFiles(store_)};
};

TEST_F(RegistryTest, ModelsAreCreatedAndFound) {
    const auto model = models_.create("thermostat", "Thermostat \xe2\x84\x83");
    EXPECT_EQ(model.code.str(), "thermostat");
    EXPECT_EQ(model.name, "Thermostat \xe2\x84\x83");
    EXPECT_EQ(model.device_count, 0);
    EXPECT_FALSE(model.firmware_version);
    EXPECT_EQ(models_.find(model.id).name, model.name);
    EXPECT_EQ(require_model(model_rows_, "thermostat").id, model.id);
}

TEST_F(RegistryTest, ModelsAreRefused) {
    models_.create("a", "A");
    EXPECT_EQ(refusal<AlreadyExists>([&] { models_.create("a", "B"); }),
              "Device model a already exists");
    for (const auto* code : {"", "A", "a-b", "../a"}) {
        EXPECT_EQ(refusal<ValidationFailed>([&] { models_.create(code, "A"); }),
                  "code must be 1 to 50 lower-case letters, digits and underscores");
    }
    EXPECT_EQ(refusal<ValidationFailed>([&] { models_.create("b", ""); }),
              "name must have 1 to 255 characters");
    EXPECT_EQ(models_.list().items.size(), 1U);
}

TEST_F(RegistryTest, ModelsAreListedByCodeWithTheirDevices) {
    const auto b = models_.create("b", "B");
    const auto a = models_.create("a", "A");
    devices_.create(b.id, std::nullopt);
    devices_.create(b.id, std::nullopt);
    const auto models = models_.list().items;
    ASSERT_EQ(models.size(), 2U);
    EXPECT_EQ(models[0].id, a.id);
    EXPECT_EQ(models[0].device_count, 0);
    EXPECT_EQ(models[1].device_count, 2);
    EXPECT_EQ(models_.find(b.id).device_count, 2);
}

TEST_F(RegistryTest, ModelsAreRenamed) {
    const auto id = models_.create("a", "A").id;
    EXPECT_EQ(models_.rename(id, "B").name, "B");
    EXPECT_EQ(models_.find(id).name, "B");
    EXPECT_EQ(refusal<NotFound>([&] { models_.rename(99, "B"); }), "Device model 99 was not found");
    EXPECT_THROW(models_.rename(id, ""), ValidationFailed);
}

TEST_F(RegistryTest, ModelsGoWithTheirFirmware) {
    const auto id = models_.create("a", "A").id;
    models_.create("ab", "AB");
    for (const auto* name : {"a/firmware-1.0.zip", "a/firmware-2.0.zip", "firmware-a.bin",
                             ".images/a/x.bin", "ab/firmware-1.0.zip", "firmware-ab.bin"}) {
        write_file(assets_ / name, "x");
    }
    models_.remove(id);
    EXPECT_THROW(models_.find(id), NotFound);
    EXPECT_EQ(names_in(assets_.path()), (Names{".images", "ab", "firmware-ab.bin"}));
    EXPECT_EQ(names_in(assets_ / ".images"), Names{});
}

TEST_F(RegistryTest, ModelsThatAreUsedStay) {
    const auto id = models_.create("a", "A").id;
    write_file(assets_ / "firmware-a.bin", "x");
    devices_.create(id, std::nullopt);
    devices_.create(id, std::nullopt);
    EXPECT_EQ(refusal<InvalidOperation>([&] { models_.remove(id); }),
              "Cannot delete device model because 2 devices use it");
    EXPECT_EQ(names_in(assets_.path()), Names{"firmware-a.bin"});
    EXPECT_THROW(models_.remove(99), NotFound);
}

TEST_F(RegistryTest, DevicesGetAKey) {
    const auto model = models_.create("a", "A").id;
    const auto device = devices_.create(model, "Kitchen");
    EXPECT_TRUE(DeviceKey::parse(device.key.str()));
    EXPECT_EQ(device.device_name, "Kitchen");
    EXPECT_EQ(client_id(device), "iotdevice-a-" + device.key.str());
    EXPECT_FALSE(device.last_coredump_at);
    EXPECT_NE(devices_.create(model, std::nullopt).key, device.key);
    EXPECT_EQ(require_device(device_rows_, DeviceReference{device.key.str()}).id, device.id);
}

TEST_F(RegistryTest, DevicesAreRefused) {
    EXPECT_EQ(refusal<NotFound>([&] { devices_.create(99, std::nullopt); }),
              "Device model 99 was not found");
    const auto model = models_.create("a", "A").id;
    EXPECT_EQ(refusal<ValidationFailed>([&] { devices_.create(model, ""); }),
              "device_name must have 1 to 255 characters");
    EXPECT_TRUE(devices_.list({}).items.empty());
}

TEST_F(RegistryTest, AKeyThatIsTakenIsNotGivenTwice) {
    const auto model = add_model("a");
    const auto key = DeviceKey::trusted("abcd1234");
    using Insertion = db::Devices::Insertion;
    EXPECT_EQ(device_rows_.insert(model, key, std::nullopt).outcome, Insertion::Inserted);
    EXPECT_EQ(device_rows_.insert(model, key, std::nullopt).outcome, Insertion::KeyTaken);
    EXPECT_EQ(device_rows_.insert(99, DeviceKey::trusted("00000000"), std::nullopt).outcome,
              Insertion::UnknownModel);
}

TEST_F(RegistryTest, DevicesAreListedByModel) {
    const auto a = models_.create("a", "A").id;
    const auto b = models_.create("b", "B").id;
    const auto first = devices_.create(a, std::nullopt).id;
    const auto second = devices_.create(b, std::nullopt).id;
    EXPECT_EQ(devices_.list({}).items.size(), 2U);
    EXPECT_EQ(ids({a}), std::vector{first});
    EXPECT_EQ(ids({b}), std::vector{second});
    EXPECT_EQ(refusal<NotFound>([&] { devices_.list({99}); }), "Device model 99 was not found");
}

TEST_F(RegistryTest, DevicesComeInPagesWhereThatIsAskedFor) {
    const auto a = add_model("a");
    const auto b = add_model("b");
    std::vector<std::int64_t> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(devices_.create(i % 2 == 0 ? a : b, std::nullopt).id);
    }
    EXPECT_EQ(ids({}), all);
    EXPECT_EQ(ids({{}, 0, 2}), (std::vector{all[0], all[1]}));
    EXPECT_EQ(ids({{}, all[1], 2}), (std::vector{all[2], all[3]}));
    EXPECT_EQ(ids({{}, all[3], 2}), std::vector{all[4]});
    EXPECT_EQ(ids({{}, all[4], 2}), std::vector<std::int64_t>{});
    EXPECT_EQ(ids({a, all[0], 1}), std::vector{all[2]});
    EXPECT_EQ(ids({b, all[3], {}}), std::vector<std::int64_t>{});
    EXPECT_EQ(refusal<ValidationFailed>([&] {
                  devices_.list({{}, 0, 0});
              }),
              "limit must be 1 to 1000");
}

TEST_F(RegistryTest, DevicesAreRenamedAndLoseTheirName) {
    const auto id = devices_.create(add_model("a"), "Kitchen").id;
    EXPECT_EQ(devices_.change(id, {"Bath"}).device_name, "Bath");
    EXPECT_FALSE(devices_.change(id, {std::optional<std::string>()}).device_name);
    EXPECT_FALSE(devices_.find(id).device_name);
    EXPECT_EQ(refusal<NotFound>([&] { devices_.change(99, {"x"}); }), "Device 99 was not found");
}

TEST_F(RegistryTest, DevicesHaveAClientOfTheIssuers) {
    using Change = Devices::Change;
    const auto model = models_.create("a", "A").id;
    const auto device = devices_.create(model, "Kitchen", "0oa1");
    EXPECT_EQ(client_id(device), "0oa1");
    const auto found = client_registry(device_rows_)(ClientId::trusted("0oa1"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key, device.key.str());
    EXPECT_EQ(found->model_code, ModelCode::trusted("a"));
    EXPECT_FALSE(device_rows_.find_client(ClientId::trusted("0OA1")));

    // Each of name and client for itself.
    EXPECT_EQ(devices_.change(device.id, Change{{}, "0oa2"}).device_name, "Kitchen");
    EXPECT_EQ(client_id(devices_.change(device.id, Change{"Bath"})), "0oa2");
    EXPECT_EQ(client_id(devices_.find(device.id)), "0oa2");
    EXPECT_EQ(client_id(devices_.list({}).items.at(0)), "0oa2");
    EXPECT_FALSE(device_rows_.find_client(ClientId::trusted("0oa1")));

    const auto other = devices_.create(model, std::nullopt);
    for (const auto& attempt :
         std::vector<std::function<void()>>{[&] { devices_.create(model, std::nullopt, "0oa2"); },
                                            [&] {
                                                devices_.change(other.id, Change{{}, "0oa2"});
                                            }}) {
        EXPECT_EQ(refusal<AlreadyExists>(attempt), "Device with client_id 0oa2 already exists");
    }
    for (const auto* bad : {"", "\xc3\xa9", "a\nb", "iotdevice-a-abcd1234", "iotdevice-"}) {
        EXPECT_THROW(devices_.create(model, std::nullopt, bad), ValidationFailed) << bad;
        EXPECT_THROW(devices_.change(other.id, Change{{}, bad}), ValidationFailed) << bad;
    }
    // Its own name is as good as none.
    const auto own = "iotdevice-a-" + device.key.str();
    EXPECT_EQ(client_id(devices_.change(device.id, Change{{}, own})), own);
    EXPECT_FALSE(device_rows_.find_client(ClientId::trusted("0oa2")));
    devices_.change(device.id, Change{{}, "0oa3"});
    EXPECT_EQ(client_id(devices_.change(device.id, Change{{}, std::optional<std::string>()})), own);
    EXPECT_EQ(devices_.find(device.id).device_name, "Bath");
    EXPECT_EQ(refusal<NotFound>([&] {
                  devices_.change(99, Change{{}, "x"});
              }),
              "Device 99 was not found");
}

TEST_F(RegistryTest, DevicesGoWithTheirDumps) {
    const auto device = devices_.create(add_model("a"), std::nullopt);
    const auto stored = store_.store(
        device.key, now(), "bytes",
        {Chip::trusted("esp32"), FirmwareVersion::trusted("1.0"), std::nullopt, std::nullopt});
    add_coredump(device.id, 1);
    devices_.remove(device.id);
    EXPECT_EQ(names_in(dumps_.path()), Names{});
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "0");
    EXPECT_EQ(refusal<NotFound>([&] { devices_.remove(device.id); }),
              "Device " + std::to_string(device.id) + " was not found");
}

TEST_F(RegistryTest, LastCoredumpIsKnownAndStaysKnown) {
    const auto device = add_device(add_model("a"), "abcd1234");
    EXPECT_FALSE(devices_.find(device).last_coredump_at);
    const Timestamp at(std::chrono::microseconds(5));
    const auto id = std::get<db::StoredCoredump>(
                        coredump_rows_.store({device, filename_at(5), Chip::trusted("esp32"),
                                              FirmwareVersion::trusted("1"), 1, at},
                                             {20}))
                        .id;
    EXPECT_EQ(devices_.find(device).last_coredump_at, at);
    coredumps_.remove(device, id);
    EXPECT_EQ(devices_.find(device).last_coredump_at, at);
    EXPECT_EQ(devices_.list({}).items[0].last_coredump_at, at);
}

TEST_F(RegistryTest, LookupsTakeOnlyWhatMatchesThePattern) {
    add_device(add_model("a"), "abcd1234");
    for (const auto* key : {"", "ABCD1234", "abcd1234 ", "../../..", "abcd123%"}) {
        EXPECT_EQ(refusal<NotFound>([&] { require_device(device_rows_, DeviceReference{key}); }),
                  "Device " + std::string(key) + " was not found");
    }
    EXPECT_EQ(refusal<NotFound>([&] { require_model(model_rows_, std::string(100, 'A')); }),
              "Device model " + std::string(64, 'A') + " was not found");
}

using CoredumpsOfADevice = RegistryTest;

TEST_F(CoredumpsOfADevice, UnknownDevicesAndDumps) {
    const auto device = add_device(add_model("a"), "abcd1234");
    EXPECT_TRUE(coredumps_.list(device).items.empty());
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.list(99); }), "Device 99 was not found");
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.find(99, 1); }), "Device 99 was not found");
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.find(device, 1); }), "Coredump 1 was not found");
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.remove(device, 1); }), "Coredump 1 was not found");
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.remove_all(99); }), "Device 99 was not found");
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.locate(99, 1); }), "Device 99 was not found");
    coredumps_.remove_all(device);
}

TEST_F(CoredumpsOfADevice, AFileIsLocatedOrMissing) {
    const auto device = add_device(add_model("a"), "abcd1234");
    const auto id = add_coredump(device, 1);
    EXPECT_EQ(refusal<NotFound>([&] { coredumps_.locate(device, id); }),
              "Coredump 1 was not found");
    EXPECT_EQ(coredumps_.list(device).items.size(), 1U);  // the row is the truth
    write_file(dumps_ / "abcd1234" / filename_at(1).str(), "bytes");
    EXPECT_EQ(coredumps_.locate(device, id).relative_path, "abcd1234/" + filename_at(1).str());
}

TEST_F(CoredumpsOfADevice, RowAndFileGo) {
    const auto device = add_device(add_model("a"), "abcd1234");
    const auto first = add_coredump(device, 1);
    add_coredump(device, 2);
    add_coredump(device, 3);
    for (const int at : {1, 2}) write_file(dumps_ / "abcd1234" / filename_at(at).str(), "bytes");
    coredumps_.remove(device, first);
    EXPECT_EQ(names_in(dumps_ / "abcd1234"), Names{filename_at(2).str()});
    coredumps_.remove_all(device);  // of one the file is gone already
    EXPECT_EQ(names_in(dumps_ / "abcd1234"), Names{});
    EXPECT_TRUE(coredumps_.list(device).items.empty());
}

TEST_F(CoredumpsOfADevice, ADumpOfAnotherDeviceIsAsIfItWereNotThere) {
    const auto model = add_model("a");
    const auto device = add_device(model, "abcd1234");
    const auto other = add_device(model, "00000000");
    const auto id = add_coredump(other, 1);
    write_file(dumps_ / "00000000" / filename_at(1).str(), "bytes");
    for (const auto& action : {std::function<void()>([&] { coredumps_.find(device, id); }),
                               std::function<void()>([&] { coredumps_.locate(device, id); }),
                               std::function<void()>([&] { coredumps_.remove(device, id); })}) {
        EXPECT_EQ(refusal<NotFound>(action), "Coredump 1 was not found");
    }
    coredumps_.remove_all(device);
    EXPECT_EQ(coredumps_.locate(other, id).filename, filename_at(1));
}

TEST_F(CoredumpsOfADevice, WithoutAFolderRowsAreStillListedAndDeleted) {
    Coredumps without(device_rows_, coredump_rows_, DumpFiles(std::nullopt));
    const auto device = add_device(add_model("a"), "abcd1234");
    const auto id = add_coredump(device, 1);
    EXPECT_EQ(without.list(device).items.size(), 1U);
    EXPECT_THROW(without.locate(device, id), NotFound);
    without.remove(device, id);
    EXPECT_TRUE(without.list(device).items.empty());
}

}  // namespace
}  // namespace coredepot::core
