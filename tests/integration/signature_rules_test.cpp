// What a model adds to the rules of signatures: how it reaches the sidecar, and what a change does
// to core dumps that were parsed before.

#include "core/errors.hpp"
#include "core/registry/model_signature_rules.hpp"
#include "parse_bench.hpp"
#include "support/database.hpp"

namespace coredepot {
namespace {

using core::ModelSignatureRules;
using test::database_url;
using test::Role;
using Names = std::vector<std::string>;

const SignatureRules kRules{{"app_fatal"}, {"app_log_"}};
constexpr const char* kRulesAsJson = R"({"skip": ["app_fatal"], "prefixes": ["app_log_"]})";

class SignatureRulesTest : public test::ParseBench {
  protected:
    SignatureRulesTest() { add_bundle("1.0"); }

    /// All that a change has left to do. Returns how many turns it took.
    int requeue() {
        int turns = 0;
        while (table_.requeue()) ++turns;
        return turns;
    }
    bool requeueing() { return rules_.find(model_).requeueing; }
    std::int64_t add_parsed(std::int64_t at) {
        const auto id = add_dump(at);
        drain();
        EXPECT_EQ(status(id), "PARSED");
        return id;
    }

    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
    db::DeviceModels models_{database_};
    db::SignatureRulesTable table_{database_};
    ModelSignatureRules rules_{models_, table_, storage::WakeUps(dumps_.path())};
};

TEST_F(SignatureRulesTest, AModelHasNoneAtFirst) {
    EXPECT_EQ(rules_.find(model_).rules, SignatureRules{});
    EXPECT_THROW(rules_.find(model_ + 1), core::NotFound);
    EXPECT_THROW(rules_.replace(model_ + 1, kRules), core::NotFound);
    EXPECT_THROW(rules_.replace(model_, {{""}, {}}), core::ValidationFailed);
}

TEST_F(SignatureRulesTest, TheSidecarFindsThemBesideTheCoreDump) {
    rules_.replace(model_, kRules);
    EXPECT_EQ(rules_.find(model_).rules, kRules);
    const auto id = add_dump(1);
    std::string staged;
    sidecar_.on_request([&](const std::string& target) {
        const auto name = target.substr(target.find("&rules=") + 7);
        staged = test::content_of(xfer_ / name);
    });
    drain();
    EXPECT_EQ(staged, kRulesAsJson);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(staged_names(), Names{});
}

TEST_F(SignatureRulesTest, AChangeHasTheModelsCoreDumpsParsedAgain) {
    const auto first = add_parsed(1);
    const auto of_another = add_coredump(add_device(add_model("b"), "efgh5678"), 2);
    sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_at = now(), parsed_output = 'x' "
        "WHERE id = " +
        std::to_string(of_another));
    EXPECT_TRUE(rules_.replace(model_, kRules).requeueing);
    EXPECT_GT(requeue(), 0);
    EXPECT_FALSE(requeueing());
    EXPECT_EQ(status(first), "PENDING");
    EXPECT_EQ(status(of_another), "PARSED");
}

TEST_F(SignatureRulesTest, TheSameRulesChangeNothing) {
    const auto id = add_parsed(1);
    rules_.replace(model_, kRules);
    requeue();
    drain();
    EXPECT_FALSE(rules_.replace(model_, kRules).requeueing);
    EXPECT_EQ(requeue(), 0);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(SignatureRulesTest, AChangeGoesByAFewDevicesAtATime) {
    constexpr int kDevices = 45;
    for (int i = 0; i < kDevices; ++i) {
        const auto device = add_device(model_, "device" + std::to_string(10 + i));
        add_coredump(device, i);
    }
    sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_at = now(), parsed_output = 'x'");
    rules_.replace(model_, kRules);
    const auto waiting = [] {
        return sql("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'")[0][0];
    };
    EXPECT_TRUE(table_.requeue());
    const auto after_one = std::stoi(waiting());
    EXPECT_GT(after_one, 0);
    EXPECT_LT(after_one, kDevices);
    // Other rules again: it begins anew, and comes to the end all the same.
    rules_.replace(model_, {});
    requeue();
    EXPECT_EQ(waiting(), std::to_string(kDevices));
    EXPECT_FALSE(requeueing());
}

TEST_F(SignatureRulesTest, AResultByTheRulesOfBeforeIsNotRecorded) {
    const auto id = add_dump(1);
    int asked = 0;
    sidecar_.on_request([&](const std::string& /*target*/) {
        if (asked++ == 0) rules_.replace(model_, kRules);
    });
    drain();
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(attempts(id), "1");
    EXPECT_NE(sidecar_.targets().back().find("&rules="), std::string::npos);
}

}  // namespace
}  // namespace coredepot
