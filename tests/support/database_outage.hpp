#pragma once

#include "support/stack_environment.hpp"

/// The database of the program's stack, gone and back.
namespace coredepot::test {

inline void end_connections() {
    stack().sql_as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'coredepot'");
}

/// Nobody gets in, and who was in is thrown out.
inline void close_database() {
    stack().sql_as_superuser("ALTER DATABASE coredepot ALLOW_CONNECTIONS false");
    end_connections();
}

inline void open_database() {
    stack().sql_as_superuser("ALTER DATABASE coredepot ALLOW_CONNECTIONS true");
}

}  // namespace coredepot::test
