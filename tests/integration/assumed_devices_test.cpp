// Uploads of devices that nobody looks up first.

#include "uploads_test.hpp"

namespace coredepot::core {
namespace {

/// Devices whose folders are there: recording finds them, and nobody looks them up first.
class AssumedDevicesTest : public UploadsTest {
  protected:
    static Uploads::Accepted accept_of(Uploads& uploads, const char* model,
                                       const std::string& body = "a core dump") {
        return uploads.accept({{kKey, ModelCode::trusted(model)}, "esp32c3", "1.0"},
                              [&] { return body; });
    }
    /// As another process does, or a tool, which leaves the folder.
    static void delete_device() {
        sql("DELETE FROM devices WHERE key = '" + std::string(kKey) + "'");
    }
    static std::string row_of(const Uploads::Accepted& accepted) {
        return sql_value(
            "SELECT m.code FROM coredumps c JOIN devices d ON d.id = c.device_id "
            "JOIN device_models m ON m.id = d.device_model_id WHERE c.id = " +
            std::to_string(accepted.coredump_id.value()));
    }

    std::string first_ = accept_of(uploads_, "a").filename.str();
};

TEST_F(AssumedDevicesTest, AreNotLookedUp) {
    const auto looking = [] {
        return sql_value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'looks'");
    };
    db::Database looks(database_url(Role::Writer), "looks", db::Mode::ReadWrite);
    db::Devices devices(looks);
    Uploads uploads(devices, coredumps_, test::disk(dumps_.path()), {3}, counters_);
    accept_of(uploads, "a");
    EXPECT_EQ(looking(), "1") << "whether the database is there is to be known first";
    sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE application_name = 'looks'");
    EXPECT_EQ(row_of(accept_of(uploads, "a")), "a");
    EXPECT_EQ(looking(), "0");
    std::filesystem::remove_all(dumps_ / kKey);
    EXPECT_EQ(row_of(accept_of(uploads, "a")), "a");
    EXPECT_EQ(looking(), "1") << "without a folder there may be no such device";
}

TEST_F(AssumedDevicesTest, WhenOneIsDeletedItIsNotFound) {
    delete_device();
    EXPECT_THROW(accept_of(uploads_, "a"), NotFound);
    EXPECT_THROW(accept_of(uploads_, "a", ""), NotFound) << "in the order of the API";
    EXPECT_EQ(rows(), "0");
    EXPECT_EQ(files(), Names{first_}) << "that of before, which sql() did not remove";
    EXPECT_EQ(spooled(), Names{});
}

TEST_F(AssumedDevicesTest, OneThatIsMadeAnewIsAnotherDevice) {
    delete_device();
    const auto anew =
        add_device(std::stoll(sql_value("SELECT id FROM device_models WHERE code = 'a'")), kKey);
    const auto accepted = accept_of(uploads_, "a");
    EXPECT_EQ(sql_value("SELECT device_id FROM coredumps"), std::to_string(anew));
    EXPECT_EQ(files(), (Names{first_, accepted.filename.str()}));
}

TEST_F(AssumedDevicesTest, OneThatIsMadeAnewOfAnotherModelIsOfThatOne) {
    delete_device();
    add_device(add_model("b"), kKey);
    EXPECT_THROW(accept_of(uploads_, "a"), NotAllowed);
    EXPECT_THROW(accept_of(uploads_, "a", ""), NotAllowed);
    EXPECT_EQ(files(), Names{first_});
    const auto accepted = accept_of(uploads_, "b");
    EXPECT_EQ(row_of(accepted), "b");
    const storage::DumpStore store(dumps_.path());
    if (!store.keeps_labels()) return;
    EXPECT_EQ(store.label(DeviceKey::trusted(kKey), accepted.filename)->model_code,
              ModelCode::trusted("b"));
}

TEST_F(AssumedDevicesTest, ADatabaseThatForgotThemGetsTheirsLater) {
    delete_device();
    sql("DELETE FROM deleted_coredumps");
    const auto accepted = accept_of(uploads_, "a");
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
}

TEST_F(AssumedDevicesTest, OneOverItsLimitWritesNothingAfterTheFirstRefusal) {
    Uploads uploads(devices_, coredumps_, test::disk(dumps_.path()), {10}, counters_,
                    UploadLimit{2, std::chrono::hours(8)});
    const auto folder = dumps_ / kKey;
    accept_of(uploads, "a");
    accept_of(uploads, "a");
    EXPECT_THROW(accept_of(uploads, "a"), RateLimited);
    EXPECT_EQ(files().size(), 3U);
    const auto changed = std::filesystem::last_write_time(folder);
    EXPECT_THROW(accept_of(uploads, "a"), RateLimited);
    EXPECT_EQ(std::filesystem::last_write_time(folder), changed);
    sql("UPDATE devices SET upload_budget_full_at = NULL");
    EXPECT_TRUE(accept_of(uploads, "a").coredump_id);
    EXPECT_TRUE(accept_of(uploads, "a").coredump_id);
    EXPECT_THROW(accept_of(uploads, "a"), RateLimited);
}

}  // namespace
}  // namespace coredepot::core
