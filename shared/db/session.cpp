#include "db/session.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <poll.h>

#include "connection_uri.hpp"
#include "log.hpp"

namespace coredepot::db {
namespace {

/// Longer than this a statement is worth a line in the log.
constexpr std::chrono::milliseconds kSlow{200};

/// How long libpq waits for a host, unless the connection URI or the environment says so. It takes
/// this from the environment, so that the URI stays the sysadmin's own. Of several hosts each is
/// waited for: one that is gone without a word must not use up the time that an upload has. (Two
/// seconds are the least that libpq takes.)
const std::string& with_connect_timeout(const std::string& url) {
    static const char* const given = std::getenv("PGCONNECT_TIMEOUT");
    if (given == nullptr) {
        const auto hosts = connection_part(url, "host").value_or("");
        ::setenv("PGCONNECT_TIMEOUT", hosts.find(',') == std::string::npos ? "5" : "2", 1);
    }
    return url;
}

/// Whether an error tells of the server's state and not of the statement, which another server, or
/// the same one later, may well take.
/// (https://www.postgresql.org/docs/current/errcodes-appendix.html)
bool is_not_available(std::string_view sqlstate, Mode mode) {
    constexpr std::array<std::string_view, 4> kCodes = {
        "53",     // out of disk, memory or connections
        "55P03",  // a lock was not to be had in time
        "57",     // cancelled, as by a timeout; shutting down; starting
        "58",     // its disk failed
    };
    // A standby, or a database that was set read-only; from a reader's session it is a fault of
    // ours.
    if (sqlstate == "25006") return mode == Mode::ReadWrite;
    return std::ranges::any_of(kCodes, [&](auto code) { return sqlstate.starts_with(code); });
}

std::string to_sql(const std::string& program, Mode mode, std::chrono::seconds patience,
                   const SessionSettings& settings) {
    const auto& stores = settings.stores;
    std::string sql = "SET application_name = '" + program + "';";
    sql += " SET jit = off;";  // compiling takes longer than any statement of ours
    // There is an index for each of them, and a plan that is made while a table is small is kept
    // when it is not.
    sql += " SET enable_seqscan = off;";
    // See Fields::moment() and optional_bytes().
    sql += " SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex';";
    sql += " SET statement_timeout = '" + std::to_string(patience.count()) + "s';";
    sql += " SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';";
    if (!stores.folder.empty()) sql += " SET coredepot.store = '" + stores.folder + "';";
    if (settings.keeps_plans) {
        sql += " SET plan_cache_mode = force_generic_plan; SET enable_bitmapscan = off;";
    }
    if (stores.bucket) sql += " SET coredepot.bucket = 'on';";
    if (mode == Mode::ReadOnly) sql += " SET default_transaction_read_only = on;";
    return sql;
}

}  // namespace

Session::Session(const std::string& url, const std::string& program, Mode mode,
                 std::chrono::seconds patience, const SessionSettings& settings) try
    : connection_(with_connect_timeout(url)), mode_(mode), patience_(patience) {
    forbid_reconnecting(connection_);
    backend_ = connection_.backendpid();
    const auto watched = watchdog();
    pqxx::nontransaction(connection_).exec(to_sql(program, mode, patience, settings));
} catch (const pqxx::failure& error) {
    throw Unavailable(error.what(), false);
}

bool Session::is_alive() const {
    if (lost_ || !connection_.is_open()) return false;
    pollfd idle{connection_.sock(), POLLIN, 0};
    // Nothing is due on an idle connection: what is there to read is the server's farewell.
    return ::poll(&idle, 1, 0) == 0;
}

void Session::lost(const std::string& what, bool in_doubt) {
    lost_ = true;
    throw Unavailable(what, in_doubt);
}

void Session::prepare(const Statement& statement) {
    if (!prepared_.contains(statement.name)) {
        connection_.prepare(statement.name, statement.sql);
        prepared_.insert(statement.name);
    }
}

void Session::forget(const Statement& statement) {
    const auto watched = watchdog();
    connection_.unprepare(statement.name);
    prepared_.erase(statement.name);
}

pqxx::result Session::timed(const Statement& statement, const std::function<pqxx::result()>& run) {
    using std::chrono::steady_clock;
    const auto started = steady_clock::now();
    try {
        const auto watched = watchdog();
        prepare(statement);
        auto result = run();
        const auto took = steady_clock::now() - started;
        if (took >= kSlow) {
            const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
            log::warning("slow statement",
                         {{"statement", statement.name}, {"ms", ms}, {"rows", result.size()}});
        }
        return result;
    } catch (const pqxx::broken_connection& error) {
        lost(error.what());
    } catch (const pqxx::feature_not_supported& error) {
        // 0A000, "cached plan must not change result type": its text is in the server's language.
        throw StalePlan(error.what());
    } catch (const pqxx::serialization_failure& error) {
        // 40001: in the way of a standby's replay. No transaction of ours is serializable.
        lost(error.what(), false);
    } catch (const pqxx::deadlock_detected& error) {
        // 40P01. The same, if it is a reader, who locks nothing; of writers it is a fault of ours.
        if (mode_ == Mode::ReadOnly) lost(error.what(), false);
        throw;
    } catch (const pqxx::sql_error& error) {
        // Whether the connection outlived the error only the connection knows: a server that is
        // shutting down reports that as an SQL error first.
        if (!is_alive()) lost("connection lost during " + std::string(statement.name));
        // The next connection may be one to another server.
        if (is_not_available(error.sqlstate(), mode_)) lost(error.what(), false);
        throw;
    }
}

void Session::transact(const std::function<void(Transaction&)>& body) {
    bool committing = false;
    try {
        std::optional<pqxx::work> work;
        {
            const auto watched = watchdog();
            work.emplace(connection_);
        }
        Transaction transaction(*this, *work);
        body(transaction);
        committing = true;
        const auto watched = watchdog();
        work->commit();
    } catch (const Unavailable& error) {
        // A statement was lost, and with it the transaction, for which no commit was sent.
        throw Unavailable(error.what(), false);
    } catch (const pqxx::broken_connection& error) {
        lost(error.what(), committing);
    } catch (const pqxx::in_doubt_error& error) {
        lost(error.what());
    }
}

}  // namespace coredepot::db
