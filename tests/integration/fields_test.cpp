// What is read of a row, as the server writes it.

#include "db/fields.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "db/session.hpp"
#include "domain/names.hpp"
#include "support/database.hpp"

namespace coredepot::db {
namespace {

using namespace std::chrono;
using test::database_url;
using test::Role;

class FieldsTest : public test::DatabaseTest {
  protected:
    Fields of(const char* sql) { return Fields(execute(sql)[0]); }

    pqxx::result execute(const char* sql) {
        // A statement is prepared under its name, which must be another for another text.
        names_.push_back("statement_" + std::to_string(names_.size()));
        return database_.session().execute(Statement{names_.back().c_str(), sql});
    }

    std::deque<std::string> names_;
    Database database_{database_url(Role::Reader), "coredepot-test", Mode::ReadOnly};
};

TEST_F(FieldsTest, AreReadInTheStatementsOrder) {
    auto fields = of("SELECT 9223372036854775807, 'text', true, NULL, 'esp32', NULL, -1");
    EXPECT_EQ(fields.integer(), INT64_MAX);
    EXPECT_EQ(fields.string(), "text");
    EXPECT_TRUE(fields.truth());
    EXPECT_EQ(fields.optional_string(), std::nullopt);
    EXPECT_EQ(fields.name<Chip>(), Chip::trusted("esp32"));
    EXPECT_EQ(fields.optional_name<Chip>(), std::nullopt);
    EXPECT_EQ(fields.integer<int>(), -1);
}

TEST_F(FieldsTest, TimesHaveMicrosecondsOrFewer) {
    const auto second = sys_days(2026y / November / 20) + 18h + 27min + 48s;
    for (const auto& [text, fraction] : {std::pair{"48", 0us},
                                         {"48.1", 100'000us},
                                         {"48.000001", 1us},
                                         {"48.120340", 120'340us}}) {
        const auto sql = std::string("SELECT timestamptz '2026-11-20 18:27:") + text + "+00'";
        EXPECT_EQ(of(sql.c_str()).timestamp(), second + fraction) << text;
    }
}

TEST_F(FieldsTest, TimesAreUtcWhateverTheZone) {
    execute("SELECT set_config('TimeZone', 'Asia/Kolkata', false)");
    EXPECT_THROW(of("SELECT timestamptz '2026-11-20 00:00+05:30'").timestamp(), std::logic_error);
    execute("SELECT set_config('TimeZone', 'UTC', false)");
    EXPECT_EQ(of("SELECT timestamptz '2026-11-20 00:00+05:30'").timestamp(),
              sys_days(2026y / November / 19) + 18h + 30min);
}

TEST_F(FieldsTest, WhatIsSomethingElseIsAFaultOfOurs) {
    EXPECT_THROW(of("SELECT 'x'").integer(), std::logic_error);
    EXPECT_THROW(of("SELECT 2147483648").integer<int>(), std::logic_error);
    EXPECT_THROW(of("SELECT NULL").text(), std::logic_error);
    for (const auto* sql :
         {"SELECT 'infinity'::timestamptz", "SELECT 'x'", "SELECT ''",
          "SELECT '2026-13-01 00:00:00+00'", "SELECT '2026-11-20 18:27:48'",
          "SELECT '2026-11-20T18:27:48+00'", "SELECT '2026-11-20 18:27:48.1234567+00'",
          "SELECT '2026-11-20 18:27:48+00 BC'"}) {
        EXPECT_THROW(of(sql).timestamp(), std::logic_error) << sql;
    }
}

}  // namespace
}  // namespace coredepot::db
