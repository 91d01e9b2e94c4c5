#pragma once

#include <algorithm>
#include <string>

#include "db/devices.hpp"
#include "db/firmware_versions.hpp"
#include "db/issue_upkeep.hpp"
#include "db/parse_queue.hpp"
#include "db/requeue.hpp"
#include "support/database.hpp"

namespace coredepot::db {

/// A model `a` and core dumps that are parsed as the test says.
class IssuesTest : public test::DatabaseTest {
  protected:
    /// What a parse finds out.
    struct Crash {
        std::string signature;
        std::string version;  ///< of the bundle whose ELF decodes it
        bool verified = true;
        std::string previous_signature = {};
    };

    static CrashReport report(const Crash& crash) {
        std::string details =
            R"({"elf_verified":)" + std::string(crash.verified ? "true" : "false");
        details += R"(,"crash":{"kind":"Abort","functions":["f_)" + crash.signature + R"("])";
        if (!crash.previous_signature.empty()) {
            details += R"(,"previous_signature":")" + crash.previous_signature + '"';
        }
        return {"text", crash.signature, "Abort in f_" + crash.signature, details + "}}"};
    }

    /// Later than any before, and not in the future.
    std::int64_t next_moment() {
        last_ = std::max<std::int64_t>(
            last_ + 1, std::stoll(sql_value("SELECT microseconds(clock_timestamp())")));
        return last_;
    }

    /// Has the core dump that has been due longest parsed so.
    std::int64_t parse_next(const Crash& crash) {
        const auto claim = queue_.claim(std::chrono::seconds(60)).value();
        const auto version = FirmwareVersion::parse(crash.version);
        EXPECT_TRUE(queue_.record_parsed(claim, report(crash), version));
        return claim.coredump_id;
    }
    std::int64_t crash_of(std::int64_t device, const Crash& crash) {
        add_coredump(device, next_moment());
        return parse_next(crash);
    }
    void parse_again(std::int64_t device, std::int64_t coredump, const Crash& crash) {
        EXPECT_TRUE(requeue_.one(device, coredump));
        EXPECT_EQ(parse_next(crash), coredump);
    }
    void settle() {
        IssueUpkeep(database_).work([] { return false; });
    }
    void upload(const std::string& version) {
        FirmwareVersions(database_).record(
            model_, {FirmwareVersion::trusted(version), std::string(64, '1'), std::string(64, '0')},
            [] {});
    }

    /// As the writer, who does it in production.
    static std::string triage(const std::string& call) {
        return sql("SELECT " + call, test::Role::Writer).at(0).at(0);
    }
    /// `fixed_in`: an array's members, such as `'1.0'`.
    static std::string resolve(std::int64_t issue, const std::string& fixed_in,
                               bool in_next = false) {
        return triage("resolve_issue(" + std::to_string(issue) + ", NULL, ARRAY[" + fixed_in +
                      "]::text[], " + (in_next ? "true" : "false") + ", 'sub', 'name')");
    }
    static std::int64_t issue_of(const std::string& signature) {
        return std::stoll(
            sql_value("SELECT issue_id FROM signatures WHERE signature = '" + signature + "'"));
    }
    static std::string issue(std::int64_t id, const std::string& column) {
        return sql_value("SELECT " + column + " FROM issues WHERE id = " + std::to_string(id));
    }

    std::int64_t model_ = add_model("a");
    Database database_{test::database_url(test::Role::Writer), "test", Mode::ReadWrite};
    ParseQueue queue_{database_};
    Requeue requeue_{database_};

  private:
    std::int64_t last_ = 0;
};

}  // namespace coredepot::db
