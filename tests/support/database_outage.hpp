#pragma once

#include <cstddef>

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"
#include "support/temporary_folder.hpp"

/// The database of a stack, gone and back.
namespace coredepot::test {

/// Returns when their processes are gone, at most 10 s for each: until then a client that looks
/// finds its connection well, and loses the next statement.
inline void end_connections(const Stack& of = stack()) {
    of.sql_as_superuser(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = "
        "'coredepot'");
}

/// Nobody gets in, and who was in is thrown out.
inline void close_database(const Stack& of = stack()) {
    of.sql_as_superuser("ALTER DATABASE coredepot ALLOW_CONNECTIONS false");
    end_connections(of);
}

inline void open_database(const Stack& of = stack()) {
    of.sql_as_superuser("ALTER DATABASE coredepot ALLOW_CONNECTIONS true");
}

/// Waits until what was spooled meanwhile has its rows. Thousands may wait, on a busy disk: there
/// have to be fewer again and again.
inline void expect_spool_empties(const Stack& of = stack()) {
    const auto waiting = [&] { return file_names_below(of.coredumps_dir() / ".spool"); };
    for (auto before = waiting(); !before.empty();) {
        auto now = before;
        ASSERT_TRUE(eventually([&] {
            now = waiting();
            return now.size() < before.size();
        })) << testing::PrintToString(before);
        before = now;
    }
}

}  // namespace coredepot::test
