// The same core dump twice, and which core dumps a device keeps when signatures count.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "db/coredumps.hpp"
#include "sha256.hpp"
#include "support/database.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;
using Ids = std::vector<std::int64_t>;
using Key = std::optional<std::string>;

constexpr StoreRules kPlain{20};
constexpr StoreRules kDeduplicate{20, Retention::Oldest, true};

class RepeatsTest : public test::DatabaseTest {
  protected:
    static StoredCoredump store(Coredumps& coredumps, std::int64_t device, std::int64_t at,
                                const std::string& bytes, const Key& key, const StoreRules& rules,
                                const UploadLimit& limit = {}) {
        std::optional<IdempotencyKey> name;
        if (key) name = IdempotencyKey::trusted(*key);
        return std::get<StoredCoredump>(coredumps.store(
            {device, filename_at(at), Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.0"),
             static_cast<std::int64_t>(bytes.size()), Timestamp(std::chrono::microseconds(at)),
             sha256_hex(bytes), name},
            rules, limit));
    }
    StoredCoredump store(std::int64_t at, const std::string& bytes, const Key& key = {},
                         const StoreRules& rules = kPlain) {
        return store(coredumps_, device_, at, bytes, key, rules);
    }
    static std::string rows() { return sql_value("SELECT count(*) FROM coredumps"); }
    static std::string last_coredump_at() {
        return sql_value(
            "SELECT (extract(epoch FROM last_coredump_at) * 1000000)::bigint FROM devices "
            "WHERE id = 1");
    }
    Ids ids() {
        Ids ids;
        for (const auto& coredump : coredumps_.of_device(device_)) ids.push_back(coredump.id);
        return ids;
    }
    static void set_signature(std::int64_t id, const std::string& signature) {
        sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_output = 'x', parsed_at = now(), "
            "lease = NULL, signature = '" +
            signature + "' WHERE id = " + std::to_string(id));
    }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, "abcd1234");
    std::int64_t other_ = add_device(model_, "00000000");
    Database database_{database_url(Role::Writer), "test", Mode::ReadWrite};
    Coredumps coredumps_{database_};
};

/// Of a device that may upload once a day.
constexpr UploadLimit kOneADay{1, std::chrono::hours(24)};

// As two hosts make it that have a folder each.
TEST_F(RepeatsTest, OfTheSameNameTimeAndSizeTheHashTells) {
    const auto first = store(1, "bytes");
    for (const auto& rules : {kPlain, kDeduplicate, StoreRules{1, Retention::Diverse}}) {
        const auto outcome = coredumps_.store(
            {device_, filename_at(1), Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.0"), 5,
             Timestamp(std::chrono::microseconds(1)), sha256_hex("BYTES")},
            rules, kOneADay);
        EXPECT_TRUE(std::holds_alternative<NameTaken>(outcome));
    }
    EXPECT_EQ(ids(), Ids{first.id});
    EXPECT_EQ(sql_value("SELECT upload_budget_full_at FROM devices WHERE id = 1"), "")
        << "nothing was uploaded yet";
    EXPECT_EQ(store(1, "bytes").id, first.id) << "a call that is repeated";
}

TEST_F(RepeatsTest, ARepeatIsFoundThoughItsNewNameIsTaken) {
    const auto first = store(1, "bytes", "k");
    store(2, "BYTES");
    EXPECT_EQ(store(2, "bytes", "k").id, first.id);
    EXPECT_EQ(store(2, "bytes", {}, kDeduplicate).id, first.id);
}

TEST_F(RepeatsTest, AHashThatIsNotKnownIsNoReasonToDoubt) {
    const auto first = store(1, "bytes");
    sql("UPDATE coredumps SET sha256 = NULL");
    EXPECT_EQ(store(1, "bytes").id, first.id);
}

TEST_F(RepeatsTest, TheSameKeyIsTheSameRecord) {
    const auto first = store(1, "bytes", "k");
    EXPECT_EQ(first.file.filename, filename_at(1));
    const auto again = store(2, "bytes", "k");
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.file.filename, filename_at(1));
    EXPECT_EQ(rows(), "1");
    EXPECT_EQ(last_coredump_at(), "1") << "there was no core dump then";
}

// A device that counts its crashes from 1 again after a reset.
TEST_F(RepeatsTest, TheSameKeyWithOtherBytesIsAnotherRecord) {
    const auto first = store(1, "bytes", "k");
    const auto second = store(2, "other bytes", "k");
    EXPECT_NE(second.id, first.id);
    EXPECT_EQ(store(3, "other bytes", "k").id, second.id);
    EXPECT_EQ(store(4, "bytes", "k").id, first.id);
    EXPECT_EQ(rows(), "2");
}

TEST_F(RepeatsTest, AnotherKeyOrNoneIsAnotherRecord) {
    store(1, "bytes", "k");
    store(2, "bytes", "K");
    store(3, "bytes");
    store(4, "bytes");
    EXPECT_EQ(rows(), "4");
}

TEST_F(RepeatsTest, AnotherDeviceHasItsOwnKeys) {
    store(1, "bytes", "k");
    store(coredumps_, other_, 1, "bytes", "k", kDeduplicate);
    EXPECT_EQ(rows(), "2");
}

TEST_F(RepeatsTest, TheSameBytesAreTheSameRecordWhereThatIsAsked) {
    const auto first = store(1, "bytes", {}, kDeduplicate);
    EXPECT_EQ(store(2, "bytes", {}, kDeduplicate).id, first.id);
    EXPECT_EQ(store(3, "bytes", "k", kDeduplicate).id, first.id);
    EXPECT_NE(store(4, "other bytes", {}, kDeduplicate).id, first.id);
    EXPECT_EQ(rows(), "2");
}

TEST_F(RepeatsTest, OfTheSameBytesTheOneWithTheKeyCounts) {
    store(1, "bytes");
    const auto named = store(2, "bytes", "k");
    EXPECT_EQ(store(3, "bytes", "k", kDeduplicate).id, named.id);
}

TEST_F(RepeatsTest, ARepeatEvictsNothing) {
    for (std::int64_t i = 1; i <= 3; ++i) store(i, std::to_string(i), std::to_string(i));
    const auto again = store(9, "1", "1", {3, Retention::Oldest});
    EXPECT_EQ(again.file.filename, filename_at(1));
    EXPECT_TRUE(again.evicted.empty());
    EXPECT_TRUE(store(9, "1", "1", {1, Retention::Diverse}).evicted.empty());
    EXPECT_EQ(rows(), "3");
}

TEST_F(RepeatsTest, ARepeatIsNotRefusedOverTheLimit) {
    const auto first = store(coredumps_, device_, 1, "bytes", "k", kPlain, kOneADay);
    EXPECT_EQ(store(coredumps_, device_, 2, "bytes", "k", kPlain, kOneADay).id, first.id);
}

TEST_F(RepeatsTest, OneThatIsGoneIsForgotten) {
    coredumps_.remove(device_, store(1, "bytes", "k").id);
    EXPECT_EQ(store(2, "bytes", "k").file.filename, filename_at(2));
}

TEST_F(RepeatsTest, ParallelRepeatsMakeOneRow) {
    for (const auto& rules : {kPlain, kDeduplicate, StoreRules{20, Retention::Diverse, true}}) {
        sql("TRUNCATE coredumps");
        EXPECT_TRUE(test::in_processes(8, [&](int process) {
            Database database(database_url(Role::Writer), "test", Mode::ReadWrite);
            Coredumps coredumps(database);
            std::set<std::int64_t> ids;
            const Key key = rules.deduplicate ? Key() : "k";
            for (std::int64_t i = 0; i < 10; ++i) {
                ids.insert(store(coredumps, device_, 100 * process + i, "bytes", key, rules).id);
            }
            return ids.size() == 1;
        }));
        EXPECT_EQ(rows(), "1");
    }
}

TEST_F(RepeatsTest, DiverseRetentionLetsALoopEatItself) {
    constexpr StoreRules kDiverse{4, Retention::Diverse};
    for (const auto& [at, signature] :
         std::map<std::int64_t, std::string>{{1, "rare"}, {2, "odd"}, {3, "loop"}, {4, "loop"}}) {
        set_signature(store(at, "bytes", {}, kDiverse).id, signature);
    }
    for (std::int64_t at = 5; at <= 9; ++at) {
        const auto stored = store(at, "bytes", {}, kDiverse);
        EXPECT_EQ(stored.evicted.size(), 1U);
        set_signature(stored.id, "loop");
    }
    EXPECT_EQ(ids(), (Ids{9, 8, 2, 1}));
    EXPECT_EQ(store(10, "bytes", {}, {4}).evicted, files({filename_at(1)})) << "by age";
}

TEST_F(RepeatsTest, DiverseWithoutSignaturesIsOldestFirst) {
    constexpr StoreRules kDiverse{3, Retention::Diverse};
    for (std::int64_t at = 1; at <= 3; ++at) {
        EXPECT_TRUE(store(at, "bytes", {}, kDiverse).evicted.empty());
    }
    EXPECT_EQ(store(4, "bytes", {}, kDiverse).evicted, files({filename_at(1)}));
    // The clock was set back: what was accepted stays all the same.
    EXPECT_EQ(store(0, "bytes", {}, kDiverse).evicted, files({filename_at(2)}));
    EXPECT_EQ(ids(), (Ids{4, 3, 5}));
}

TEST_F(RepeatsTest, DiverseGoesByArrivalTooWhereAClockWasAhead) {
    constexpr StoreRules kDiverse{3, Retention::Diverse};
    for (std::int64_t at = 101; at <= 103; ++at) store(at, "bytes");
    sql("UPDATE coredumps SET uploaded_at = now() + interval '1 day', "
        "created_at = now() + interval '1 day'");
    for (std::int64_t at = 1; at <= 3; ++at) {
        EXPECT_EQ(store(at, "bytes", {}, kDiverse).evicted, files({filename_at(100 + at)}));
    }
}

TEST_F(RepeatsTest, DiverseRetentionIsExactUnderParallelUploads) {
    constexpr int kProcesses = 16;
    EXPECT_TRUE(test::in_processes(kProcesses, [&](int process) {
        Database database(database_url(Role::Writer), "test", Mode::ReadWrite);
        Coredumps coredumps(database);
        bool exact = true;
        for (std::int64_t i = 0; i < 10; ++i) {
            const auto stored =
                store(coredumps, device_, 1000 * i + process, "bytes", {}, {5, Retention::Diverse});
            if (i % 3 == 0) set_signature(stored.id, "s" + std::to_string(process % 4));
            exact = exact && coredumps.of_device(device_).size() <= 5;
        }
        return exact;
    }));
    EXPECT_EQ(rows(), "5");
}

TEST_F(RepeatsTest, DiverseRetentionRemovesWhatTheRuleSays) {
    std::mt19937 random(17);  // the same cases each time
    for (int round = 0; round < 20; ++round) {
        sql("TRUNCATE coredumps");
        std::vector<KeptCoredump> newest_first;
        for (std::int64_t at = 1; at <= 10; ++at) {
            const auto id = store(at, "bytes").id;
            newest_first.insert(newest_first.begin(), {id, std::nullopt});
            if (random() % 4 == 0) continue;
            newest_first.front().signature = std::string(1, "abc"[random() % 3]);
            set_signature(id, *newest_first.front().signature);
        }
        const auto keep = static_cast<int>(1 + random() % 9);
        const auto accepted = store(11, "bytes", {}, {keep, Retention::Diverse}).id;
        newest_first.insert(newest_first.begin(), {accepted, std::nullopt});
        Ids expected;
        const auto gone = surplus(newest_first, accepted, static_cast<std::size_t>(keep));
        for (const auto& coredump : newest_first) {
            if (std::ranges::find(gone, coredump.id) == gone.end()) expected.push_back(coredump.id);
        }
        EXPECT_EQ(ids(), expected);
    }
}

}  // namespace
}  // namespace coredepot::db
