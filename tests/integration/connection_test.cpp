// What becomes of a connection, and of a statement on it, when the server goes away.

#include <atomic>
#include <thread>

#include "database_proxy.hpp"
#include "db/coredumps.hpp"
#include "db/database.hpp"
#include "db/devices.hpp"
#include "support/database.hpp"
#include "support/stack.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;

class ConnectionTest : public test::DatabaseTest {
  protected:
    /// The column is one of a view, too, which is made again around it.
    static void change_type_of_signature(const std::string& type) {
        sql("DO $$ DECLARE definition text := pg_get_viewdef('coredump_arrivals'); BEGIN "
            "DROP VIEW coredump_arrivals; ALTER TABLE coredumps ALTER signature TYPE " +
            type +
            "; EXECUTE 'CREATE VIEW coredump_arrivals AS ' || definition; "
            "GRANT SELECT ON coredump_arrivals TO coredepot_reader, coredepot_writer; END $$");
    }

    ConnectionTest() {
        EXPECT_TRUE(test::eventually([] { return connections(Role::Writer) == 0; }));
    }

    /// What goes wrong with `statement`; empty when nothing does.
    static std::optional<Unavailable> failure(const std::function<void()>& statement) {
        try {
            statement();
        } catch (const Unavailable& error) {
            return error;
        }
        return std::nullopt;
    }

    std::int64_t device_ = add_device(add_model("a"), "abcd1234");
    Database database_{database_url(Role::Writer), "coredepot-test", Mode::ReadWrite};
    Devices devices_{database_};
    Coredumps coredumps_{database_};
};

TEST_F(ConnectionTest, IsOpenedAtFirstUse) {
    EXPECT_EQ(connections(Role::Writer), 0);
    EXPECT_TRUE(devices_.find(device_));
    EXPECT_EQ(connections(Role::Writer), 1);
}

TEST_F(ConnectionTest, TellsTheServerItsName) {
    EXPECT_TRUE(devices_.find(device_));
    EXPECT_EQ(sql_value("SELECT application_name FROM pg_stat_activity "
                        "WHERE usename = 'coredepot_writer'"),
              "coredepot-test");
}

TEST_F(ConnectionTest, AServerThatIsNotThereIsUnavailableAndNotInDoubt) {
    for (const auto* url : {"postgresql://nobody@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x",
                            "postgresql://x@%2Fnowhere/x"}) {
        Database nowhere(url, "test", Mode::ReadWrite);
        const auto error = failure([&] { Devices(nowhere).find(1); });
        ASSERT_TRUE(error) << url;
        EXPECT_FALSE(error->in_doubt());
        EXPECT_FALSE(nowhere.is_available());
    }
}

TEST_F(ConnectionTest, AWrongPasswordIsUnavailableToo) {
    auto url = database_url(Role::Writer);
    url.replace(url.find('@'), 1, "wrong@");
    Database database(url, "test", Mode::ReadWrite);
    const auto error = failure([&] { Devices(database).find(1); });
    ASSERT_TRUE(error);
    EXPECT_FALSE(error->in_doubt());
}

TEST_F(ConnectionTest, AnIdleConnectionThatWasEndedIsReplacedUnnoticed) {
    EXPECT_TRUE(devices_.find(device_));
    for (int i = 0; i < 3; ++i) {
        terminate_connections(Role::Writer);
        EXPECT_TRUE(devices_.find(device_));
    }
    terminate_connections(Role::Writer);
    EXPECT_TRUE(database_.is_available());
}

TEST_F(ConnectionTest, AReplacedConnectionHasItsSettingsAgain) {
    Database reading(database_url(Role::Writer), "test", Mode::ReadOnly);
    Devices devices(reading);
    EXPECT_TRUE(devices.find(device_));
    terminate_connections(Role::Writer);
    EXPECT_TRUE(devices.find(device_));
    EXPECT_ANY_THROW(devices.change(device_, {"x"}));
    EXPECT_EQ(sql_value("SELECT device_name FROM devices"), "");
}

TEST_F(ConnectionTest, LostDuringAStatementItIsInDoubtAndThenRecovers) {
    EXPECT_TRUE(devices_.find(device_));
    const test::OpenTransaction lock("SELECT FROM devices FOR UPDATE");
    std::thread killer([] {
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
        terminate_connections(Role::Writer);
    });
    const auto error = failure([&] { devices_.change(device_, {"x"}); });
    killer.join();
    ASSERT_TRUE(error);
    EXPECT_TRUE(error->in_doubt());
    EXPECT_TRUE(devices_.find(device_));
}

TEST_F(ConnectionTest, ARefusedStatementLeavesTheConnectionUsable) {
    EXPECT_TRUE(devices_.find(device_));
    const auto pid =
        sql_value("SELECT pid FROM pg_stat_activity WHERE usename = 'coredepot_writer'");
    EXPECT_ANY_THROW(devices_.change(device_, {""}));
    EXPECT_TRUE(devices_.find(device_));
    EXPECT_EQ(sql_value("SELECT pid FROM pg_stat_activity WHERE usename = 'coredepot_writer'"),
              pid);
}

// A handler on another machine than the one that changes the schema.
TEST_F(ConnectionTest, ASchemaThatChangesUnderAPreparedStatementGoesUnnoticed) {
    const auto coredump = add_coredump(device_, 1);
    EXPECT_TRUE(devices_.find(device_));
    EXPECT_TRUE(coredumps_.find(device_, coredump));
    sql("ALTER TABLE devices ALTER device_name TYPE varchar(300)");
    sql("ALTER TABLE coredumps ALTER last_error TYPE varchar(300)");
    EXPECT_TRUE(devices_.find(device_));
    EXPECT_TRUE(coredumps_.find(device_, coredump));
    EXPECT_EQ(connections(Role::Writer), 1);
    sql("ALTER TABLE devices ALTER device_name TYPE display_name");
    sql("ALTER TABLE coredumps ALTER last_error TYPE text");
}

TEST_F(ConnectionTest, ASchemaThatChangesBeforeATransactionEndsThatOne) {
    const auto record = [&](std::int64_t at) {
        coredumps_.store(
            {device_, filename_at(at), Chip::trusted("esp32"), FirmwareVersion::trusted("1.0"), 1,
             Timestamp(std::chrono::microseconds(at))},
            {20, Retention::Diverse}, {});
    };
    record(1);
    change_type_of_signature("varchar(64)");
    const auto error = failure([&] { record(2); });
    ASSERT_TRUE(error);
    EXPECT_FALSE(error->in_doubt());
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "1");
    record(2);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "2");
    change_type_of_signature("crash_signature");
}

TEST_F(ConnectionTest, ADatabaseThatComesBackIsUsedAgain) {
    sql("ALTER ROLE coredepot_writer NOLOGIN");
    terminate_connections(Role::Writer);
    EXPECT_FALSE(database_.is_available());
    EXPECT_TRUE(failure([&] { devices_.find(device_); }));
    sql("ALTER ROLE coredepot_writer LOGIN");
    EXPECT_TRUE(database_.is_available());
    EXPECT_TRUE(devices_.find(device_));
}

TEST_F(ConnectionTest, TheUrlsPasswordIsInNoMessage) {
    auto url = database_url(Role::Writer);
    const auto colon = url.find(':', url.find("//"));
    url.replace(colon + 1, url.find('@') - colon - 1, "verysecret");
    Database database(url, "test", Mode::ReadWrite);
    const auto error = failure([&] { Devices(database).find(1); });
    ASSERT_TRUE(error);
    EXPECT_EQ(std::string(error->what()).find("verysecret"), std::string::npos) << error->what();
}

TEST_F(ConnectionTest, AServerThatFallsSilentIsGivenUpAndAskedAgain) {
    test::DatabaseProxy proxy;
    Database database(proxy.url(), "test", Mode::ReadWrite, std::chrono::seconds(1));
    Devices devices(database);
    EXPECT_TRUE(devices.find(device_));
    std::atomic<bool> over = false;
    proxy.lose_answer([] { return true; }, [&] { return over.load(); });
    const auto error = failure([&] { devices.find(device_); });
    ASSERT_TRUE(error);
    EXPECT_TRUE(error->in_doubt()) << "it was sent, and may have been carried out";
    over = true;
    EXPECT_TRUE(devices.find(device_));
}

}  // namespace
}  // namespace coredepot::db
