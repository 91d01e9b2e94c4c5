// Constraints and privileges of the shipped schema: what holds even if the program is wrong.

#include "support/database.hpp"

namespace coredepot {
namespace {

using test::Role;

constexpr const char* kCheckViolation = "23514";
constexpr const char* kNotNullViolation = "23502";
constexpr const char* kUniqueViolation = "23505";
constexpr const char* kForeignKeyViolation = "23503";
constexpr const char* kInsufficientPrivilege = "42501";
constexpr const char* kReadOnlyTransaction = "25006";
constexpr const char* kGeneratedAlways = "428C9";

class SchemaTest : public test::DatabaseTest {
  protected:
    SchemaTest() {
        device_ = std::to_string(add_device(add_model("a"), "abcd1234"));
        add_coredump(std::stoll(device_), 1);
    }

    /// What the server says to a core dump with this column set so; "" when it takes it.
    std::string coredump_with(const std::string& column, const std::string& value) const {
        std::vector<std::pair<std::string, std::string>> columns{
            {"device_id", device_}, {"filename", "'coredump_20260211T143000_123456Z.dmp'"},
            {"chip", "'esp32c3'"},  {"firmware_version", "'1.0'"},
            {"size", "1"},          {"uploaded_at", "now()"}};
        std::erase_if(columns, [&](const auto& known) { return known.first == column; });
        columns.emplace_back(column, value);
        std::string names;
        std::string values;
        for (const auto& [name, text] : columns) {
            names += (names.empty() ? "" : ", ") + name;
            values += (values.empty() ? "" : ", ") + text;
        }
        return sqlstate("INSERT INTO coredumps (" + names + ") VALUES (" + values + ")",
                        Role::Writer);
    }

    std::string device_;
};

TEST_F(SchemaTest, ReaderReadsEverythingAndWritesNothing) {
    for (const auto* table : {"device_models", "devices", "firmware_versions", "coredumps"}) {
        const std::string name = table;
        EXPECT_EQ(sqlstate("SELECT * FROM " + name, Role::Reader), "") << table;
        EXPECT_EQ(sqlstate("DELETE FROM " + name, Role::Reader), kInsufficientPrivilege) << table;
        EXPECT_EQ(sqlstate("TRUNCATE " + name, Role::Reader), kInsufficientPrivilege) << table;
        EXPECT_EQ(sqlstate("UPDATE " + name + " SET updated_at = now()", Role::Reader),
                  kInsufficientPrivilege)
            << table;
        EXPECT_EQ(sqlstate("INSERT INTO " + name + " DEFAULT VALUES", Role::Reader),
                  kInsufficientPrivilege)
            << table;
        EXPECT_EQ(sqlstate("SELECT * FROM " + name + " FOR UPDATE", Role::Reader),
                  kInsufficientPrivilege)
            << table;
    }
    for (const auto* function :
         {"record_coredump('0', '0', 1, 'x', 'x', 'x', 1, NULL, now(), NULL, false, 1, true)",
          "record_coredump('0', '0', 1, 'x', 'x', 'x', 1, NULL, now(), NULL, false, 1, true, 'x')",
          "record_upload('0', '0', 1, 'x', 'x', 'x', 1, NULL, now(), 1, 'x')",
          "expire_local_files(1, 1, 1, 1)", "find_upload(1, 'x', 1, NULL, now(), NULL, false)",
          "upload_wait(now(), now(), '0', '0')", "upload_budget_after(now(), now(), '0', '0')",
          "surplus_coredumps(1, 1, 1)", "requeue_coredumps(ARRAY[1])", "count_coredumps()"}) {
        EXPECT_EQ(sqlstate(std::string("SELECT * FROM ") + function, Role::Reader),
                  kInsufficientPrivilege)
            << function;
    }
}

TEST_F(SchemaTest, NeitherRoleMakesObjects) {
    for (const auto role : {Role::Reader, Role::Writer}) {
        EXPECT_EQ(sqlstate("CREATE TABLE x ()", role), kInsufficientPrivilege);
        EXPECT_EQ(sqlstate("DROP TABLE coredumps", role), kInsufficientPrivilege);
        EXPECT_EQ(sqlstate("TRUNCATE coredumps", role), kInsufficientPrivilege);
        EXPECT_EQ(sqlstate("CREATE ROLE x", role), kInsufficientPrivilege);
    }
}

TEST_F(SchemaTest, WhatNamesFoldersNeverChanges) {
    EXPECT_EQ(sqlstate("UPDATE device_models SET code = 'b'", Role::Writer),
              kInsufficientPrivilege);
    EXPECT_EQ(sqlstate("UPDATE devices SET key = '00000000'", Role::Writer),
              kInsufficientPrivilege);
    EXPECT_EQ(sqlstate("UPDATE devices SET device_model_id = 1", Role::Writer),
              kInsufficientPrivilege);
    EXPECT_EQ(sqlstate("UPDATE device_models SET name = 'b'", Role::Writer), "");
    EXPECT_EQ(sqlstate("UPDATE devices SET device_name = 'b'", Role::Writer), "");
}

TEST_F(SchemaTest, ClientIds) {
    add_device(1, "zyxw9876");
    const auto update = [](const std::string& client, const std::string& key = "abcd1234") {
        return sqlstate("UPDATE devices SET client_id = " + client + " WHERE key = '" + key + "'",
                        Role::Writer);
    };
    EXPECT_EQ(update("'0oa1'"), "");
    sql("UPDATE devices SET client_id = '0oa1' WHERE key = 'abcd1234'");
    EXPECT_EQ(update("'0oa1'", "zyxw9876"), kUniqueViolation);
    EXPECT_EQ(update("repeat('x', 255)"), "");
    EXPECT_EQ(update("NULL"), "");
    EXPECT_EQ(update("NULL", "zyxw9876"), "");
    for (const auto* bad :
         {"''", "repeat('x', 256)", "'\u00e9'", "E'a\\n'", "'iotdevice-a-abcd1234'"}) {
        EXPECT_EQ(update(bad), kCheckViolation) << bad;
    }
}

TEST_F(SchemaTest, IdsAreTheServers) {
    EXPECT_EQ(
        sqlstate("INSERT INTO device_models (id, code, name) VALUES (5, 'b', 'b')", Role::Writer),
        kGeneratedAlways);
}

TEST_F(SchemaTest, ModelCodes) {
    const auto insert = [](const std::string& code) {
        return sqlstate("INSERT INTO device_models (code, name) VALUES (" + code + ", 'x')",
                        Role::Writer);
    };
    EXPECT_EQ(insert("'b_1'"), "");
    EXPECT_EQ(insert("repeat('b', 50)"), "");
    EXPECT_EQ(insert("'a'"), kUniqueViolation);
    EXPECT_EQ(insert("NULL"), kNotNullViolation);
    for (const auto* bad : {"''", "'B'", "'b-1'", "'b/1'", "'..'", "repeat('b', 51)", "E'b\\n'"}) {
        EXPECT_EQ(insert(bad), kCheckViolation) << bad;
    }
}

TEST_F(SchemaTest, DeviceKeys) {
    const auto insert = [](const std::string& key) {
        return sqlstate("INSERT INTO devices (device_model_id, key) VALUES (1, " + key + ")",
                        Role::Writer);
    };
    EXPECT_EQ(insert("'00000000'"), "");
    EXPECT_EQ(insert("'abcd1234'"), kUniqueViolation);
    EXPECT_EQ(insert("NULL"), kNotNullViolation);
    for (const auto* bad :
         {"''", "'abcd123'", "'abcd12345'", "'ABCD1234'", "'abcd/234'", "E'abcd1234\\n'"}) {
        EXPECT_EQ(insert(bad), kCheckViolation) << bad;
    }
}

TEST_F(SchemaTest, NamesHaveOneTo255Characters) {
    for (const auto* good : {"'x'", "repeat('x', 255)", "repeat('é', 255)"}) {
        EXPECT_EQ(sqlstate(std::string("UPDATE device_models SET name = ") + good, Role::Writer),
                  "");
        EXPECT_EQ(sqlstate(std::string("UPDATE devices SET device_name = ") + good, Role::Writer),
                  "");
    }
    for (const auto* bad : {"''", "repeat('x', 256)"}) {
        EXPECT_EQ(sqlstate(std::string("UPDATE device_models SET name = ") + bad, Role::Writer),
                  kCheckViolation);
        EXPECT_EQ(sqlstate(std::string("UPDATE devices SET device_name = ") + bad, Role::Writer),
                  kCheckViolation);
    }
    EXPECT_EQ(sqlstate("UPDATE device_models SET name = NULL", Role::Writer), kNotNullViolation);
}

TEST_F(SchemaTest, FirmwareVersionsAreFileNames) {
    for (const auto* good : {"'1.0'", "' '", "'~'", "repeat('1', 50)", "'1+2 (x)'"}) {
        EXPECT_EQ(coredump_with("firmware_version", good), "") << good;
        EXPECT_EQ(sqlstate(std::string("UPDATE device_models SET firmware_version = ") + good,
                           Role::Writer),
                  "")
            << good;
    }
    for (const auto* bad : {"''", "'1/2'", "'1\\2'", "'.1'", "'..'", "repeat('1', 51)", "E'1\\n'",
                            "'é'", "E'1\\x7f'"}) {
        EXPECT_EQ(coredump_with("firmware_version", bad), kCheckViolation) << bad;
        EXPECT_EQ(sqlstate(std::string("UPDATE device_models SET firmware_version = ") + bad,
                           Role::Writer),
                  kCheckViolation)
            << bad;
        EXPECT_EQ(sqlstate(std::string("INSERT INTO firmware_versions (device_model_id, version, "
                                       "bin_sha256) VALUES (1, ") +
                               bad + ", repeat('0', 64))",
                           Role::Writer),
                  kCheckViolation)
            << bad;
    }
}

TEST_F(SchemaTest, HashesAre64HexDigits) {
    const auto insert = [](const std::string& elf, const std::string& bin) {
        return sqlstate(
            "INSERT INTO firmware_versions (device_model_id, version, elf_sha256, "
            "bin_sha256) VALUES (1, '1', " +
                elf + ", " + bin + ")",
            Role::Writer);
    };
    const std::string good = "repeat('0a', 32)";
    EXPECT_EQ(insert(good, good), "");
    EXPECT_EQ(insert("NULL", good), "");
    EXPECT_EQ(insert(good, "NULL"), kNotNullViolation);
    for (const auto* bad : {"''", "repeat('0', 63)", "repeat('0', 65)", "repeat('A', 64)"}) {
        EXPECT_EQ(insert(bad, good), kCheckViolation);
        EXPECT_EQ(insert(good, bad), kCheckViolation);
    }
}

TEST_F(SchemaTest, CoredumpColumns) {
    EXPECT_EQ(coredump_with("size", "1048576"), "");
    EXPECT_EQ(coredump_with("size", "1048577"), kCheckViolation);
    EXPECT_EQ(coredump_with("size", "0"), kCheckViolation);
    EXPECT_EQ(coredump_with("chip", "'ESP32'"), kCheckViolation);
    EXPECT_EQ(coredump_with("chip", "''"), kCheckViolation);
    EXPECT_EQ(coredump_with("filename", "'../x'"), kCheckViolation);
    EXPECT_EQ(coredump_with("filename", "'coredump_20260211T143000_123456Z.dmpx'"),
              kCheckViolation);
    EXPECT_EQ(coredump_with("filename", '\'' + filename_at(1).str() + '\''), kUniqueViolation);
    EXPECT_EQ(coredump_with("parse_status", "'DONE'"), kCheckViolation);
    EXPECT_EQ(coredump_with("attempts", "-1"), kCheckViolation);
    EXPECT_EQ(coredump_with("device_id", "99"), kForeignKeyViolation);
    EXPECT_EQ(coredump_with("sha256", "sha256('x')"), "");
    EXPECT_EQ(coredump_with("sha256", "'x'"), kCheckViolation);
    EXPECT_EQ(coredump_with("idempotency_key", "repeat('~ ', 127)"), "");
    EXPECT_EQ(coredump_with("idempotency_key", "''"), kCheckViolation);
    EXPECT_EQ(coredump_with("idempotency_key", "repeat('k', 256)"), kCheckViolation);
    EXPECT_EQ(coredump_with("idempotency_key", "E'a\\n'"), kCheckViolation);
    // The same key with other bytes is another core dump.
    sql("UPDATE coredumps SET idempotency_key = 'k', sha256 = sha256('x')");
    const auto another_of = [](const std::string& sha256) {
        return sqlstate(
            "INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at,"
            " idempotency_key, sha256) SELECT device_id, 'coredump_20260211T143001_000000Z.dmp',"
            " chip, firmware_version, size, uploaded_at, idempotency_key, " +
                sha256 + " FROM coredumps",
            Role::Writer);
    };
    EXPECT_EQ(another_of("sha256"), kUniqueViolation);
    EXPECT_EQ(another_of("sha256('y')"), "");
}

TEST_F(SchemaTest, StatusOutputTimeAndLeaseAgree) {
    const auto update = [](const std::string& set) {
        return sqlstate("UPDATE coredumps SET " + set, Role::Writer);
    };
    EXPECT_EQ(update("parse_status = 'PARSED', parsed_output = 'x', parsed_at = now()"), "");
    EXPECT_EQ(update("parse_status = 'ERROR', parsed_output = 'x'"), "");
    EXPECT_EQ(update("parse_status = 'ERROR', parsed_output = 'x', awaits_firmware_since = 0"), "");
    EXPECT_EQ(update("parse_status = 'PARSED', parsed_output = 'x', parsed_at = now(), "
                     "signature = 'x', title = 'x', report = '{}'"),
              "");
    EXPECT_EQ(update("lease = gen_random_uuid()"), "");
    for (const auto* bad :
         {"parse_status = 'PARSED', parsed_output = 'x'",
          "parse_status = 'PARSED', parsed_at = now()", "parse_status = 'ERROR'",
          "parse_status = 'ERROR', parsed_output = 'x', parsed_at = now()", "parsed_output = 'x'",
          "parsed_at = now()",
          "parse_status = 'ERROR', parsed_output = 'x', lease = gen_random_uuid()",
          "signature = 'x'", "title = 'x'", "report = '{}'", "awaits_firmware_since = 0",
          "parse_status = 'ERROR', parsed_output = 'x', report = '{}'",
          "parse_status = 'PARSED', parsed_output = 'x', parsed_at = now(), "
          "awaits_firmware_since = 0"}) {
        EXPECT_EQ(update(bad), kCheckViolation) << bad;
    }
}

TEST_F(SchemaTest, WhatAParseLeaves) {
    const auto parsed_with = [](const std::string& set) {
        return sqlstate(
            "UPDATE coredumps SET parse_status = 'PARSED', parsed_output = 'x', "
            "parsed_at = now(), " +
                set,
            Role::Writer);
    };
    for (const auto* good : {"signature = repeat('a', 64)", "signature = 'Z_-9'", "title = 'x'",
                             "title = repeat('é', 500)", "report = '{}'", "awaits_elf = '0a'"}) {
        EXPECT_EQ(parsed_with(good), "") << good;
    }
    for (const auto* bad :
         {"signature = ''", "signature = 'a b'", "signature = repeat('a', 65)", "title = ''",
          "title = repeat('x', 501)", "report = '[]'", "report = 'null'", "awaits_elf = ''",
          "awaits_elf = '0A'", "awaits_elf = repeat('0', 65)"}) {
        EXPECT_EQ(parsed_with(bad), kCheckViolation) << bad;
    }
}

TEST_F(SchemaTest, WhatGoesWithWhat) {
    EXPECT_EQ(sqlstate("DELETE FROM device_models", Role::Writer), kForeignKeyViolation);
    sql("INSERT INTO firmware_versions (device_model_id, version, bin_sha256) "
        "VALUES (1, '1', repeat('0', 64))");
    sql("DELETE FROM devices", Role::Writer);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "0");
    sql("DELETE FROM device_models", Role::Writer);
    EXPECT_EQ(sql_value("SELECT count(*) FROM firmware_versions"), "0");
}

TEST_F(SchemaTest, AReadOnlySessionIsReadOnlyWhateverTheRole) {
    EXPECT_EQ(sqlstate("SET TRANSACTION READ ONLY; DELETE FROM coredumps", Role::Writer),
              kReadOnlyTransaction);
}

TEST_F(SchemaTest, AnIssueIsOnlyWhatItCanBe) {
    const auto change = [](const std::string& to) {
        return sqlstate("UPDATE issues SET " + to, Role::Writer);
    };
    sql("INSERT INTO issues (device_model_id, number) SELECT id, 1 FROM device_models");
    for (const auto* wrong :
         {"state = 'merged'", "merged_into = id", "state = 'resolved'", "resolved_at = now()",
          "ticket_url = ''", "ticket_url = repeat('x', 2001)", "state = 'closed'"}) {
        EXPECT_EQ(change(wrong), kCheckViolation) << wrong;
    }
    EXPECT_EQ(change("state = 'merged', merged_into = id"), "");
    sql("UPDATE issues SET state = 'resolved', resolved_at = now(), ticket_url = 'x'");
    EXPECT_EQ(change("state = 'open'"), kCheckViolation);
    EXPECT_EQ(sqlstate("INSERT INTO issues (device_model_id, number, state) "
                       "SELECT id, 2, 'merged' FROM device_models",
                       Role::Writer),
              kCheckViolation);
}

}  // namespace
}  // namespace coredepot
