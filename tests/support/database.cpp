#include "support/database.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <poll.h>
#include <pqxx/pqxx>
#include <sys/wait.h>
#include <unistd.h>

#include "db/libpqxx.hpp"
#include "domain/time.hpp"

namespace coredepot::test {
namespace {

const char* variable(Role role) {
    switch (role) {
        case Role::Admin:
            return "TEST_DATABASE_URL_ADMIN";
        case Role::Owner:
            return "TEST_DATABASE_URL_OWNER";
        case Role::Reader:
            return "TEST_DATABASE_URL_READER";
        case Role::Writer:
            return "TEST_DATABASE_URL_WRITER";
    }
    return "";
}

const char* name(Role role) {
    switch (role) {
        case Role::Reader:
            return "coredepot_reader";
        case Role::Writer:
            return "coredepot_writer";
        case Role::Owner:
            return "coredepot";
        case Role::Admin:
            break;
    }
    throw std::logic_error("the admin's connections stay");
}

Rows to_rows(const pqxx::result& result) {
    Rows rows;
    for (const auto& row : result) {
        auto& texts = rows.emplace_back();
        for (const auto& field : row) texts.emplace_back(field.is_null() ? "" : field.c_str());
    }
    return rows;
}

/// The superuser's connection of this thread, made again when the server has ended it. (To connect
/// costs more than most statements, and a child must not use its parent's connection.)
pqxx::connection& admin() {
    thread_local std::unique_ptr<pqxx::connection> connection;
    thread_local pid_t owner = 0;
    if (owner != ::getpid()) {
        // The parent's is left open: to close it would end the parent's session.
        static_cast<void>(connection.release());
        owner = ::getpid();
    }
    if (connection) {
        // Nothing is due on an idle connection: what is there to read is the server's farewell.
        pollfd idle{connection->sock(), POLLIN, 0};
        if (!connection->is_open() || ::poll(&idle, 1, 0) != 0) connection.reset();
    }
    if (!connection) connection = std::make_unique<pqxx::connection>(database_url(Role::Admin));
    return *connection;
}

Rows execute(pqxx::connection& connection, const std::string& statements) {
    pqxx::nontransaction transaction(connection);
    return to_rows(transaction.exec(statements));
}

/// Leaves tables and ids as the schema made them. Few tables have rows after a test, and to
/// truncate each and its indexes costs more than most tests do; so only what has become large is.
constexpr const char* kEmptyTables = R"(
    DO $$
    DECLARE
      tables text[] := ARRAY (
        SELECT c.oid::regclass::text FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           -- What is true of the whole database stays.
           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'one_row'));
      name text;
    BEGIN
      IF EXISTS (SELECT FROM unnest(tables) AS t WHERE pg_relation_size(t::regclass) > 1000000) THEN
        EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ');
      ELSE
        -- Without triggers and checks of references: all of it goes.
        SET LOCAL session_replication_role = replica;
        FOREACH name IN ARRAY tables LOOP
          IF pg_relation_size(name::regclass) > 0 THEN
            EXECUTE 'DELETE FROM ' || name;
          END IF;
        END LOOP;
      END IF;
      PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
         FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
      UPDATE uncounted_coredumps SET done_to = 0, last = 0 WHERE (done_to, last) <> (0, 0);
      UPDATE kept_files SET files = 0, bytes = 0, unmet_limit = NULL, unmet_since = NULL
       WHERE (files, bytes) <> (0, 0) OR unmet_limit IS NOT NULL;
    END
    $$)";

std::int64_t id_of(const Rows& rows) {
    return std::stoll(rows.at(0).at(0));
}

}  // namespace

std::string database_url(Role role) {
    const char* url = std::getenv(variable(role));
    if (url != nullptr) return url;
    throw std::runtime_error("run this with tests/integration/with-database, as ctest does");
}

DatabaseTest::DatabaseTest() {
    sql(kEmptyTables);
}

Rows DatabaseTest::sql(const std::string& statements, Role role) {
    if (role == Role::Admin) return execute(admin(), statements);
    pqxx::connection connection(database_url(role));
    return execute(connection, statements);
}

std::string DatabaseTest::sql_value(const std::string& query) {
    const auto rows = sql(query);
    return rows.at(0).at(0);
}

std::string DatabaseTest::column(std::int64_t coredump_id, const std::string& name) {
    return sql_value("SELECT " + name +
                     " FROM coredumps WHERE id = " + std::to_string(coredump_id));
}

std::string DatabaseTest::sqlstate(const std::string& statement, Role role) {
    pqxx::connection connection(database_url(role));
    try {
        pqxx::work transaction(connection);
        transaction.exec(statement);
        return "";
    } catch (const pqxx::sql_error& error) {
        return db::sqlstate(error);
    }
}

std::int64_t DatabaseTest::add_model(const std::string& code) {
    return id_of(sql("INSERT INTO device_models (code, name) VALUES ('" + code + "', '" + code +
                     "') RETURNING id"));
}

std::int64_t DatabaseTest::add_device(std::int64_t model_id, const std::string& key) {
    return id_of(sql("INSERT INTO devices (device_model_id, key) VALUES (" +
                     std::to_string(model_id) + ", '" + key + "') RETURNING id"));
}

std::int64_t DatabaseTest::add_coredump(std::int64_t device_id, std::int64_t microseconds,
                                        const std::string& firmware_version) {
    const auto at = "timestamptz 'epoch' + interval '" + std::to_string(microseconds) + " us'";
    return id_of(
        sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, "
            "uploaded_at, next_attempt_at) VALUES (" +
            std::to_string(device_id) + ", '" + filename_at(microseconds).str() +
            "', 'esp32c3', '" + firmware_version + "', 1, " + at + ", " + at + ") RETURNING id"));
}

DumpFilename DatabaseTest::filename_at(std::int64_t microseconds) {
    const Timestamp at{std::chrono::microseconds(microseconds)};
    return DumpFilename::trusted("coredump_" + to_compact(at) + ".dmp");
}

std::vector<DumpFile> DatabaseTest::files(std::vector<DumpFilename> names) {
    std::vector<DumpFile> files;
    for (auto& name : names) files.push_back({std::move(name)});
    return files;
}

std::int64_t DatabaseTest::waiting_for_locks() {
    return std::stoll(
        sql_value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
}

std::int64_t DatabaseTest::connections(Role role) {
    return std::stoll(sql_value(
        std::string("SELECT count(*) FROM pg_stat_activity WHERE usename = '") + name(role) + "'"));
}

void DatabaseTest::terminate_connections(Role role) {
    sql(std::string("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                    "WHERE usename = '") +
        name(role) + "'");
}

struct OpenTransaction::Connection {
    pqxx::connection connection{database_url(Role::Admin)};
    pqxx::work transaction{connection};
};

OpenTransaction::OpenTransaction(const std::string& statement)
    : connection_(std::make_unique<Connection>()) {
    connection_->transaction.exec(statement);
}

OpenTransaction::~OpenTransaction() = default;

void OpenTransaction::commit() {
    connection_->transaction.commit();
}

bool in_processes(int count, const std::function<bool(int)>& work) {
    std::vector<pid_t> children;
    for (int i = 0; i < count; ++i) {
        const auto child = ::fork();
        if (child < 0) throw std::runtime_error("cannot fork");
        if (child > 0) {
            children.push_back(child);
            continue;
        }
        bool good = false;
        try {
            good = work(i) && !testing::Test::HasFailure();
        } catch (const std::exception& error) {
            std::cerr << "process " << i << ": " << error.what() << '\n';
        }
        // Not exit(): what the parent made is not this process's to take down.
        std::cout.flush();
        ::_exit(good ? 0 : 1);
    }
    bool all_good = true;
    for (const auto child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status != 0) all_good = false;
    }
    return all_good;
}

}  // namespace coredepot::test
