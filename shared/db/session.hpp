#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include <pqxx/pqxx>

#include "db/connection_watchdog.hpp"
#include "db/database.hpp"
#include "db/fields.hpp"
#include "db/libpqxx.hpp"
#include "domain/time.hpp"

/// Executes the statements of this folder. No header of another folder includes this one.
namespace coredepot::db {

/// A statement, and its name in the log and on the server.
struct Statement {
    const char* name;
    const char* sql;
};

/// As a parameter, a null `const char*` is NULL.
inline const char* nullable(const std::optional<std::string>& text) {
    return text ? text->c_str() : nullptr;
}

/// What nullable() takes, of a number or of a time (as from_microseconds() of SQL takes it).
inline std::optional<std::string> digits(const std::optional<std::int64_t>& number) {
    if (!number) return std::nullopt;
    return std::to_string(*number);
}
inline std::optional<std::string> digits(const std::optional<Timestamp>& time) {
    if (!time) return std::nullopt;
    return std::to_string(time->time_since_epoch().count());
}

/// See Database.
struct SessionSettings {
    Stores stores;
    bool keeps_plans = false;
};

/// An open connection to PostgreSQL and the statements that were prepared on it. (A person's login
/// is an auth::Session.)
class Session {
  public:
    /// Throws Unavailable.
    Session(const std::string& url, const std::string& program, Mode mode,
            std::chrono::seconds patience, const SessionSettings& settings);

    /// False once the server has closed its end. An idle connection must look to notice that.
    bool is_alive() const;

    /// The process ID of its server process.
    int backend() const { return backend_; }

    /// Executes one statement in its own transaction, in one round trip. Throws Unavailable when
    /// the connection is lost or the server cannot carry the statement out, and pqxx::sql_error
    /// (such as unique_violation) when it refuses.
    template <class... Args>
    pqxx::result execute(const Statement& statement, const Args&... args) {
        const auto run = [&] {
            pqxx::nontransaction transaction(connection_);
            return execute_prepared(transaction, statement.name, args...);
        };
        try {
            return timed(statement, run);
        } catch (const StalePlan&) {
            forget(statement);
            return timed(statement, run);
        }
    }

    /// A transaction of several statements; `body` gets a function that executes one. If the
    /// transaction is lost, it is in doubt only if the commit had been sent.
    class Transaction;
    void transact(const std::function<void(Transaction&)>& body);

  private:
    /// The schema changed under a prepared statement, which was therefore not executed.
    class StalePlan : public std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    pqxx::result timed(const Statement& statement, const std::function<pqxx::result()>& run);
    void prepare(const Statement& statement);
    /// The statement is prepared again at its next execution.
    void forget(const Statement& statement);
    /// Limits one exchange with the server, to a little more than the server's own limit: the
    /// server's error says more.
    ConnectionWatchdog watchdog() const {
        return {connection_.sock(), patience_ + std::chrono::seconds(1)};
    }
    [[noreturn]] void lost(const std::string& what, bool in_doubt = true);

    pqxx::connection connection_;
    int backend_ = 0;
    std::set<std::string_view> prepared_;  ///< names, which are literals
    Mode mode_;
    std::chrono::seconds patience_;
    bool lost_ = false;
};

class Session::Transaction {
  public:
    Transaction(Session& session, pqxx::work& work) : session_(session), work_(work) {}

    template <class... Args>
    pqxx::result execute(const Statement& statement, const Args&... args) {
        try {
            return session_.timed(statement,
                                  [&] { return execute_prepared(work_, statement.name, args...); });
        } catch (const StalePlan& error) {
            // Everything before it in the transaction is lost, too.
            session_.lost(error.what(), false);
        }
    }

  private:
    Session& session_;
    pqxx::work& work_;
};

}  // namespace coredepot::db
