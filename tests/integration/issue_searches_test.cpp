// Lists of issues are read by an index, whatever is asked for: a page looks at few rows. What a
// function does no plan shows, so this counts the rows that are read.

#include <functional>

#include "db/issues.hpp"
#include "db/session.hpp"
#include "issues_test.hpp"

namespace coredepot::db {
namespace {

constexpr int kIssues = 8000;
/// A page's own rows many times over, and far from all issues.
constexpr int kFew = kIssues / 4;

class IssueSearchesTest : public IssuesTest {
  protected:
    IssueSearchesTest() {
        sql("INSERT INTO device_models (code, name) SELECT 'm' || i, 'M' FROM generate_series(1, "
            "20) i;"
            "INSERT INTO model_versions (device_model_id, version, epoch, sort_key)"
            "  SELECT m.id, '1.' || i, 1, version_sort_key('1.' || i)"
            "    FROM device_models m, generate_series(1, 20) i;"
            "INSERT INTO issues (device_model_id, number, occurrences, devices, first_seen, "
            "last_seen,"
            "                    kind, title, state, resolved_at, reason)"
            "  SELECT 1 + i % 20, i, 1 + i % 977, 1 + i % 97, now() - i * interval '1 minute',"
            "         now() - (i % 1000) * interval '1 second', 'Kind' || i % 100, 'Abort in "
            "handle_' || i,"
            "         CASE WHEN i % 50 = 0 THEN 'resolved' ELSE 'open' END,"
            "         CASE WHEN i % 50 = 0 THEN now() - (i % 800 = 0)::int * interval '1 day' END,"
            "         CASE WHEN i % 500 = 1 THEN 'regressed' END"
            "    FROM generate_series(1, 8000) i;"
            "INSERT INTO signatures (device_model_id, signature, issue_id, title, kind, functions, "
            "searched)"
            "  SELECT device_model_id, 's' || id, id, title, kind, ARRAY['handle_' || id, 'main'],"
            "         title || ' handle_' || id || ' main' FROM issues;"
            "INSERT INTO issue_versions (issue_id, version_id, occurrences, verified, devices)"
            "  SELECT i.id, v.id, 1, 1, 1 FROM issues i JOIN model_versions v"
            "      ON v.device_model_id = i.device_model_id AND v.version = '1.' || i.id % 20;"
            "INSERT INTO signature_hours SELECT id, date_trunc('hour', now()), 1 FROM signatures");
        sql("VACUUM ANALYZE");
        flush();
    }

    /// How many rows of the tables that grow were read for one page, and how many it has.
    struct Read {
        std::int64_t rows = 0;
        std::size_t page = 0;
    };
    std::int64_t read_by(const std::function<void()>& look) {
        constexpr Statement kFlush{"flush", "SELECT pg_stat_force_next_flush()"};
        look();  // what is planned is looked up once
        reading_.session().execute(kFlush);
        const auto before = rows_read();
        look();
        reading_.session().execute(kFlush);
        return rows_read() - before;
    }
    Read read(const IssueFilter& filter, const std::optional<IssuePosition>& after = {}) {
        std::size_t page = 0;
        const auto rows = read_by([&] { page = issues_.list(filter, after, 20).size(); });
        return {rows, page};
    }
    void expect_few(const IssueFilter& filter, const std::string& what) {
        const auto found = read(filter);
        EXPECT_GT(found.page, 0U) << what;
        EXPECT_LT(found.rows, kFew) << what;
    }

    Database reading_{test::database_url(test::Role::Reader), "test", Mode::ReadOnly};
    Issues issues_{reading_};

    /// Or the rows that were read to set up the test count later.
    static void flush() { sql("SELECT pg_stat_force_next_flush()"); }

  private:
    static std::int64_t rows_read() {
        return std::stoll(sql_value(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables "
            "WHERE relname IN ('issues', 'signatures', 'issue_versions', 'signature_hours')"));
    }
};

TEST_F(IssueSearchesTest, APageInAnyOrderReadsFewRows) {
    for (const auto* sort : {"last_seen", "first_seen", "devices", "occurrences"}) {
        IssueFilter filter;
        filter.sort = sort;
        expect_few(filter, sort);
        const auto first = issues_.list(filter, std::nullopt, 20);
        const auto next = read(filter, first.back().position);
        EXPECT_EQ(next.page, 20U) << sort;
        EXPECT_LT(next.rows, kFew) << sort;
    }
}

TEST_F(IssueSearchesTest, SoDoesOneWithConditions) {
    for (const auto* sort : {"last_seen", "devices"}) {
        IssueFilter any;
        any.sort = sort;
        const auto with = [&](auto set) {
            IssueFilter filter = any;
            set(filter);
            return filter;
        };
        expect_few(with([](auto& f) { f.text = "handle_4711"; }), "q");
        // What core::has_trigram() says of words that begin or end within it.
        for (const auto* text : {"~z", "zz~", "~z~"})
            EXPECT_LT(read(with([&](auto& f) { f.text = text; })).rows, kFew) << text;
        expect_few(with([](auto& f) { f.function = "handle_4711"; }), "function");
        expect_few(with([](auto& f) { f.version = "1.7"; }), "version");
        expect_few(with([](auto& f) { f.kind = "Kind17"; }), "kind");
        expect_few(with([](auto& f) { f.state = "open"; }), "state");
        expect_few(with([](auto& f) { f.regressed = true; }), "regressed");
        expect_few(with([](auto& f) { f.still_seen = true; }), "still seen");
        expect_few(with([&](auto& f) { f.device_model_id = model_; }), "model");
        expect_few(with([](auto& f) { f.min_devices = 97; }), "devices");
        expect_few(with([](auto& f) { f.seen_after = Timestamp(std::chrono::microseconds(1)); }),
                   "seen after");
    }
}

// Each has the function `main`.
TEST_F(IssueSearchesTest, WhatIsSimilarIsSoughtAmongFew) {
    std::size_t found = 0;
    EXPECT_LT(read_by([&] { found = issues_.similar(4711).size(); }), kFew);
    EXPECT_EQ(found, 20U);
}

// A hundred are compared, and four times as many share a function.
TEST_F(IssueSearchesTest, WhatSharesARareFunctionIsComparedFirst) {
    sql("UPDATE signatures SET functions = ARRAY['common'] WHERE device_model_id ="
        "  (SELECT device_model_id FROM issues WHERE id = 4711);"
        "UPDATE signatures SET functions = ARRAY['common', 'rare'], searched = 'Abort in rare'"
        " WHERE id IN (4711, 7991)");
    const auto similar = issues_.similar(4711);
    ASSERT_FALSE(similar.empty());
    EXPECT_EQ(similar.front().id, 7991);
}

// Where few hashes by the rules before stand for many signatures, PostgreSQL expects to come upon
// one soon, whatever it looks through.
TEST_F(IssueSearchesTest, WhoAdoptsANewSignatureIsSoughtAmongFew) {
    sql("UPDATE signatures SET previous_signature = 'before' WHERE id % 8 = 0");
    sql("VACUUM ANALYZE signatures");
    flush();
    constexpr Statement kEnsure{"ensure",
                                "SELECT id FROM ensure_signature(1, $1::text, 'Abort in f', '{}')"};
    int number = 0;
    const auto meet_new_ones = [&] {
        auto& session = database_.session();
        // After five PostgreSQL plans once for whatever is asked for.
        for (int i = 0; i < 8; ++i) session.execute(kEnsure, "new-" + std::to_string(++number));
        session.execute({"flush", "SELECT pg_stat_force_next_flush()"});
    };
    EXPECT_LT(read_by(meet_new_ones), kFew);
}

}  // namespace
}  // namespace coredepot::db
