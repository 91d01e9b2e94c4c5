#pragma once

#include "db/database.hpp"
#include "support/database.hpp"

namespace coredepot::db {

class StatementsTest : public test::DatabaseTest {
  protected:
    /// Some statements are executed only where a connection was lost.
    StatementsTest() {
        EXPECT_TRUE(writing.is_available());
        terminate_connections(test::Role::Writer);
        EXPECT_TRUE(writing.is_available());
    }

    /// Each statement that there is, at least once.
    void execute_all();

    Database writing{test::database_url(test::Role::Writer), "test", Mode::ReadWrite};
};

}  // namespace coredepot::db
