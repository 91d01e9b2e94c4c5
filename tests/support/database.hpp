#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/coredump.hpp"

/// The PostgreSQL that tests/integration/with-database started for this test program.
namespace coredepot::test {

/// The roles of production, and a superuser who looks on and interferes.
enum class Role { Admin, Owner, Reader, Writer };
std::string database_url(Role role);

/// One row of a query's result: columns as text, null as "".
using Rows = std::vector<std::vector<std::string>>;

/// A test that finds its tables empty.
class DatabaseTest : public testing::Test {
  protected:
    DatabaseTest();

    /// Executes statements on a connection of their own; the superuser's on one that a thread
    /// keeps.
    static Rows sql(const std::string& statements, Role role = Role::Admin);
    /// The single value of a query, as text.
    static std::string sql_value(const std::string& query);
    /// A column of a core dump, or an expression of its columns, as text.
    static std::string column(std::int64_t coredump_id, const std::string& name);
    /// What the server refuses the statement with, such as 42501 (insufficient privilege); "" when
    /// it does not, and then nothing is changed all the same.
    static std::string sqlstate(const std::string& statement, Role role);

    // Each returns the new row's id.
    static std::int64_t add_model(const std::string& code);
    static std::int64_t add_device(std::int64_t model_id, const std::string& key);
    /// PENDING and due; its time and name are so many microseconds after the epoch.
    static std::int64_t add_coredump(std::int64_t device_id, std::int64_t microseconds,
                                     const std::string& firmware_version = "1.0");

    /// The name that a core dump of this moment has.
    static DumpFilename filename_at(std::int64_t microseconds);
    /// Of these names, and no objects.
    static std::vector<DumpFile> files(std::vector<DumpFilename> names);

    /// How many statements wait for a lock at this moment, whoever's they are.
    static std::int64_t waiting_for_locks();
    /// How many connections the role has. One that was closed counts until the server noticed.
    static std::int64_t connections(Role role);
    /// Ends them; returns when they are gone.
    static void terminate_connections(Role role);
};

/// An open transaction that holds locks until it is gone; then it is rolled back, unless it was
/// committed.
class OpenTransaction {
  public:
    explicit OpenTransaction(const std::string& statement);
    ~OpenTransaction();
    void commit();
    OpenTransaction(const OpenTransaction&) = delete;
    OpenTransaction& operator=(const OpenTransaction&) = delete;

  private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

/// Does `work(0)`, `work(1)`, … at once, in a process each, as handlers run: one thread and its own
/// connections. True when each returned true and no expectation failed in it.
bool in_processes(int count, const std::function<bool(int)>& work);

/// What a sidecar that gives nothing but the text has found out.
inline CrashReport text_only(const std::string& output) {
    return {output, {}, {}, {}};
}

}  // namespace coredepot::test
