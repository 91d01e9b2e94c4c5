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

/// A statement that takes longer is logged.
constexpr std::chrono::milliseconds kSlow{200};

/// How long libpq waits for each host, unless the connection URI or the environment sets it. libpq
/// takes it from the environment, so that the sysadmin's URI stays as it is. If the URI names
/// several hosts, one that is silently gone must not use up an upload's time. (Two seconds are
/// libpq's minimum.)
const std::string& with_connect_timeout(const std::string& url) {
    static const char* const given = std::getenv("PGCONNECT_TIMEOUT");
    if (given == nullptr) {
        const auto hosts = connection_part(url, "host").value_or("");
        ::setenv("PGCONNECT_TIMEOUT", hosts.find(',') == std::string::npos ? "5" : "2", 1);
    }
    return url;
}

/// Whether an error is about the server's state and not about the statement, so that another
/// server, or this one later, may carry it out.
/// (https://www.postgresql.org/docs/current/errcodes-appendix.html)
bool is_not_available(std::string_view sqlstate, Mode mode) {
    constexpr std::array<std::string_view, 4> kCodes = {
        "53",     // out of disk, memory or connections
        "55P03",  // a lock could not be had in time
        "57",     // cancelled, as by a timeout; shutting down; starting
        "58",     // its disk failed
    };
    // The server is a standby, or the database was set read-only. In a reader's session it is a bug
    // of ours.
    if (sqlstate == "25006") return mode == Mode::ReadWrite;
    return std::ranges::any_of(kCodes, [&](auto code) { return sqlstate.starts_with(code); });
}

std::string to_sql(const std::string& program, Mode mode, std::chrono::seconds patience,
                   const SessionSettings& settings) {
    const auto& stores = settings.stores;
    std::string sql = "SET application_name = '" + program + "';";
    sql += " SET jit = off;";  // compiling takes longer than any statement of ours
    // There is an index for every statement. Without this, a plan made while a table is small would
    // stay when the table grows.
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
    // Nothing is due on an idle connection, so anything to read is the server's farewell.
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
        // 0A000, "cached plan must not change result type". We cannot check the text, because it is
        // translated.
        throw StalePlan(error.what());
    } catch (const pqxx::serialization_failure& error) {
        // 40001: the statement was in the way of a standby's replay. We have no serializable
        // transactions.
        lost(error.what(), false);
    } catch (const pqxx::deadlock_detected& error) {
        // 40P01, a deadlock: for a reader, which locks nothing, the same. For writers it is a bug
        // of ours.
        if (mode_ == Mode::ReadOnly) lost(error.what(), false);
        throw;
    } catch (const pqxx::sql_error& error) {
        // Only the connection knows whether it survived the error: a server that shuts down first
        // reports an SQL error.
        if (!is_alive()) lost("connection lost during " + std::string(statement.name));
        // The next connection may reach another server.
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
        // A statement was lost, and its transaction with it. No commit was sent.
        throw Unavailable(error.what(), false);
    } catch (const pqxx::broken_connection& error) {
        lost(error.what(), committing);
    } catch (const pqxx::in_doubt_error& error) {
        lost(error.what());
    }
}

}  // namespace coredepot::db
