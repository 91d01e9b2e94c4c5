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

TEST_F(FieldsTest, MomentsAreWhatTheServerWritesByItself) {
    for (const auto& [text, time] :
         {std::pair("2026-11-20 18:27:48.000001+00",
                    Timestamp(sys_days(2026y / November / 20) + 18h + 27min + 48s + 1us)),
          std::pair("2026-11-20 18:27:48.5+00",
                    Timestamp(sys_days(2026y / November / 20) + 18h + 27min + 48s + 500ms)),
          std::pair("2026-11-20 18:27:48+02",
                    Timestamp(sys_days(2026y / November / 20) + 16h + 27min + 48s)),
          std::pair("0001-01-01 00:00:00+00", Timestamp(sys_days(1y / January / 1))),
          std::pair("9999-12-31 23:59:59.999999+00",
                    Timestamp(sys_days(10000y / January / 1) - 1us))}) {
        const auto sql = std::string("SELECT timestamptz '") + text + "', NULL::timestamptz";
        auto fields = of(sql.c_str());
        EXPECT_EQ(fields.moment(), time) << text;
        EXPECT_EQ(fields.optional_moment(), std::nullopt);
    }
}

TEST_F(FieldsTest, MomentsInAnotherZoneAreRefused) {
    execute("SELECT set_config('TimeZone', 'Asia/Kolkata', false)");
    EXPECT_THROW(of("SELECT timestamptz '2026-11-20 18:27:48+00'").moment(), std::logic_error);
    execute("SELECT set_config('TimeZone', 'Europe/Berlin', false)");
    EXPECT_THROW(of("SELECT timestamptz '2026-11-20 18:27:48+00'").moment(), std::logic_error);
}

TEST_F(FieldsTest, TimesAreExactAndUtcWhateverTheZone) {
    for (const auto* zone : {"Asia/Kolkata", "UTC"}) {
        const auto set = std::string("SELECT set_config('TimeZone', '") + zone + "', false)";
        execute(set.c_str());
        EXPECT_EQ(of("SELECT microseconds('2026-11-20 18:27:48.000001+05:30')").timestamp(),
                  sys_days(2026y / November / 20) + 12h + 57min + 48s + 1us);
        EXPECT_EQ(of("SELECT microseconds('1969-12-31 23:59:59.999999+00')").timestamp(),
                  Timestamp(-1us));
        EXPECT_EQ(of("SELECT microseconds('2112-09-17 23:53:47.370497+00')").timestamp(),
                  sys_days(2112y / September / 17) + 23h + 53min + 47s + 370'497us);
        EXPECT_EQ(of("SELECT microseconds('9999-12-31 23:59:59.999999+00')").timestamp(),
                  sys_days(10000y / January / 1) - 1us);
        EXPECT_EQ(of("SELECT from_microseconds(1770820200123456) = "
                     "timestamptz '2026-02-11 14:30:00.123456+00'")
                      .truth(),
                  true);
    }
    EXPECT_FALSE(of("SELECT microseconds(NULL)").optional_timestamp());
    EXPECT_TRUE(of("SELECT from_microseconds(NULL) IS NULL").truth());
}

TEST_F(FieldsTest, WhatIsSomethingElseIsAFaultOfOurs) {
    EXPECT_THROW(of("SELECT 'x'").integer(), std::logic_error);
    EXPECT_THROW(of("SELECT 2147483648").integer<int>(), std::logic_error);
    auto null = of("SELECT NULL");
    EXPECT_THROW(null.text(), std::logic_error);
    EXPECT_THROW(of("SELECT now()").timestamp(), std::logic_error);
    EXPECT_THROW(of("SELECT NULL").timestamp(), std::logic_error);
}

TEST_F(FieldsTest, BytesAreWhatTheyWere) {
    auto fields = of("SELECT '\\x00ff0a5c'::bytea, ''::bytea, NULL::bytea, 'text'");
    EXPECT_EQ(fields.optional_bytes(), std::string("\0\xff\n\\", 4));
    EXPECT_EQ(fields.optional_bytes(), "");
    EXPECT_EQ(fields.optional_bytes(), std::nullopt);
    EXPECT_THROW(fields.optional_bytes(), std::logic_error);
}

}  // namespace
}  // namespace coredepot::db
