#pragma once

#include <chrono>
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

/// What the statements of this folder are executed with; no header of another folder includes it.
namespace coredepot::db {

/// A statement and the name that the log and the server know it by.
struct Statement {
    const char* name;
    const char* sql;
};

/// To bind: a null `const char*` is NULL.
inline const char* nullable(const std::optional<std::string>& text) {
    return text ? text->c_str() : nullptr;
}

/// See Database.
struct SessionSettings {
    Stores stores;
    bool keeps_plans = false;
};

/// One open connection and the statements that were prepared on it.
class Session {
  public:
    /// Throws Unavailable.
    Session(const std::string& url, const std::string& program, Mode mode,
            std::chrono::seconds patience, const SessionSettings& settings);

    /// False once the server has closed its end, which an idle connection learns only by looking.
    bool is_alive() const;

    /// The process id of its server process.
    int backend() const { return backend_; }

    /// Executes one statement in a transaction of its own: one round trip. Throws Unavailable when
    /// the connection is lost or the server not up to it, pqxx::sql_error (as unique_violation,
    /// ...) when it refuses.
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

    /// A transaction of several statements; `body` gets a function that executes one. When it is
    /// lost, it is in doubt only if the commit was on its way.
    class Transaction;
    void transact(const std::function<void(Transaction&)>& body);

  private:
    /// The schema was changed under a prepared statement, which was not executed.
    class StalePlan : public std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    pqxx::result timed(const Statement& statement, const std::function<pqxx::result()>& run);
    void prepare(const Statement& statement);
    /// It is prepared anew when it is next executed.
    void forget(const Statement& statement);
    /// Of one exchange with the server. A little after its own, which tells us more.
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
            // What came before it in the transaction is gone as well.
            session_.lost(error.what(), false);
        }
    }

  private:
    Session& session_;
    pqxx::work& work_;
};

}  // namespace coredepot::db
