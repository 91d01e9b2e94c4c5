#pragma once

#include <string>

#include <pqxx/pqxx>

/// All that differs between the versions of libpqxx: 6.4 (Debian 12), 7.10 (Debian 13), and those
/// between.
namespace coredepot::db {

/// Executes a statement that was prepared as `name`; a null `const char*` is bound as NULL.
template <class... Args>
pqxx::result execute_prepared(pqxx::transaction_base& transaction, const char* name,
                              const Args&... args) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
    return transaction.exec(pqxx::prepped(name), pqxx::params(args...));
#else
    return transaction.exec_prepared(name, args...);
#endif
}

/// A connection that mends itself, as version 6 has it, would come back without its settings: a
/// reader's could write.
inline void forbid_reconnecting([[maybe_unused]] pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

/// The code of an error, which version 6 leaves out of pqxx::insufficient_privilege.
inline std::string sqlstate(const pqxx::sql_error& error) {
    if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
    return error.sqlstate();
}

}  // namespace coredepot::db
