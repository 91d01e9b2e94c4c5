#pragma once

#include <string>

#include <pqxx/pqxx>

/// Everything that differs between the supported versions of libpqxx (docs/platforms.md).
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

/// Version 6 reconnects by itself, but the new connection would lack our settings: a reader could
/// write.
inline void forbid_reconnecting([[maybe_unused]] pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

/// The error's code. Version 6 leaves it out of pqxx::insufficient_privilege.
inline std::string sqlstate(const pqxx::sql_error& error) {
    if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
    return error.sqlstate();
}

}  // namespace coredepot::db
