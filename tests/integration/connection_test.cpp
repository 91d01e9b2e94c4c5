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
    Database database(proxy.url(), "test", Mode::ReadWrite, std::chrono::seconds(3));
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

/// A server that refuses whatever looks at devices, as a standby does whose replay a statement is
/// in the way of.
class RefusingServer {
  public:
    explicit RefusingServer(const std::string& sqlstate) {
        execute(
            "CREATE FUNCTION refuse() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'refused' USING ERRCODE = '" +
            sqlstate +
            "'; END $$; GRANT EXECUTE ON FUNCTION refuse() TO PUBLIC; "
            "CREATE POLICY refusing ON devices USING (refuse()); "
            "ALTER TABLE devices ENABLE ROW LEVEL SECURITY");
    }
    ~RefusingServer() {
        execute(
            "ALTER TABLE devices DISABLE ROW LEVEL SECURITY; "
            "DROP POLICY refusing ON devices; DROP FUNCTION refuse()");
    }
    RefusingServer(const RefusingServer&) = delete;
    RefusingServer& operator=(const RefusingServer&) = delete;

  private:
    class Admin : public test::DatabaseTest {
      public:
        using DatabaseTest::sql;
    };
    static void execute(const std::string& statements) { Admin::sql(statements); }
};

/// A synchronous standby that is not there.
class DeadStandby {
  public:
    DeadStandby() { name("dead"); }
    ~DeadStandby() { name(""); }
    DeadStandby(const DeadStandby&) = delete;
    DeadStandby& operator=(const DeadStandby&) = delete;

    static std::string waiting() {
        return Admin::sql_value(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }

  private:
    class Admin : public test::DatabaseTest {
      public:
        using DatabaseTest::sql;
        using DatabaseTest::sql_value;
    };
    static void name(const std::string& standby) {
        // The role of this connection does not wait itself.
        Admin::sql("ALTER SYSTEM SET synchronous_standby_names = '" + standby + "'");
        Admin::sql("SELECT pg_reload_conf()");
        EXPECT_TRUE(test::eventually(
            [&] { return Admin::sql_value("SHOW synchronous_standby_names") == standby; }));
    }
};

TEST_F(ConnectionTest, AStandbyThatDiedKeepsNoConnectionAndNoLockForGood) {
    Database database(database_url(Role::Writer), "test", Mode::ReadWrite, std::chrono::seconds(3));
    Devices devices(database);
    EXPECT_TRUE(devices.find(device_));
    const DeadStandby standby;
    for (const auto* name : {"x", "y"}) {
        // The checkpointer tells the others, some time after it is told itself.
        std::optional<Unavailable> error;
        ASSERT_TRUE(test::eventually([&] {
            error = failure([&] { devices.change(device_, {name}); });
            return error.has_value();
        })) << name;
        EXPECT_TRUE(error->in_doubt()) << name;
        EXPECT_TRUE(devices.find(device_));
        EXPECT_TRUE(test::eventually([&] { return DeadStandby::waiting() == "0"; }));
    }
    EXPECT_EQ(sql_value("SELECT device_name FROM devices"), "y");
}

// https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
TEST_F(ConnectionTest, AStatementInTheWayOfAStandbysReplayIsUnavailableAndMayBeAskedAgain) {
    Database reading(database_url(Role::Reader), "test", Mode::ReadOnly);
    Devices devices(reading);
    EXPECT_TRUE(devices.find(device_));
    for (const auto* conflict : {"40001", "40P01"}) {
        const RefusingServer server(conflict);
        const auto error = failure([&] { devices.find(device_); });
        ASSERT_TRUE(error) << conflict;
        EXPECT_FALSE(error->in_doubt());
    }
    EXPECT_TRUE(devices.find(device_));
}

TEST_F(ConnectionTest, ADeadlockOfOursIsAFaultAndNotAnAbsence) {
    const RefusingServer server("40P01");
    EXPECT_THROW(devices_.find(device_), std::exception);
    EXPECT_FALSE(failure([&] {
        try {
            devices_.find(device_);
        } catch (const Unavailable&) {
            throw;
        } catch (const std::exception&) {
        }
    }));
}

TEST_F(ConnectionTest, OfSeveralHostsTheOneThatAnswersAndWritesIsUsed) {
    auto url = database_url(Role::Writer);
    const auto host = url.find('@') + 1;
    url.insert(host, "127.0.0.1:1,");
    url += url.find('?') == std::string::npos ? '?' : '&';
    Database writing(url + "target_session_attrs=read-write", "test", Mode::ReadWrite);
    EXPECT_TRUE(writing.is_available());
    EXPECT_TRUE(Devices(writing).find(device_));

    // As all of them are until a standby is promoted.
    sql("ALTER ROLE coredepot_writer SET default_transaction_read_only = on");
    terminate_connections(Role::Writer);
    EXPECT_FALSE(writing.is_available());
    const auto error = failure([&] { Devices(writing).find(device_); });
    ASSERT_TRUE(error);
    EXPECT_FALSE(error->in_doubt());
    Database standby(url + "target_session_attrs=prefer-standby", "test", Mode::ReadOnly);
    EXPECT_TRUE(Devices(standby).find(device_));
    sql("ALTER ROLE coredepot_writer RESET default_transaction_read_only");
    EXPECT_TRUE(writing.is_available());
}

TEST_F(ConnectionTest, AServerThatTakesNoChangesIsNotThereForThoseWhoWrite) {
    sql("ALTER ROLE coredepot_writer SET default_transaction_read_only = on");
    terminate_connections(Role::Writer);
    EXPECT_FALSE(database_.is_available());
    Database reading(database_url(Role::Writer), "test", Mode::ReadOnly);
    EXPECT_TRUE(reading.is_available());
    sql("ALTER ROLE coredepot_writer RESET default_transaction_read_only");
    terminate_connections(Role::Writer);
    EXPECT_TRUE(database_.is_available());
}

}  // namespace
}  // namespace coredepot::db
