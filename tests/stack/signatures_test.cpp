// From real builds and their core dumps to issues, with the sidecar that ships with Coredepot: what
// is similar, and what becomes of issues when the rules of signatures change.

#include <string>

#include <gtest/gtest.h>

#include "decoder/support/crash_pairs.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"
#include "thermostat.hpp"

using namespace coredepot::test;

namespace {

namespace decoder = coredepot::decoder::test;

const bool kStack = use_stack([] { return Settings{{"PARSE_RETRY_SECONDS", "1,1"}}; });

JsonValue get(const std::string& target) {
    const auto response = stack().client().get(target);
    EXPECT_EQ(response.status, 200) << response;
    return response.json();
}

JsonValue await_parsed(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto detail = [&] { return get(device.coredump_path(coredump.id)); };
    EXPECT_TRUE(eventually([&] { return detail().at("parse_status").text() == "PARSED"; }))
        << detail().at("parse_status").text();
    return detail();
}

std::string text_of(const decoder::Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A model with two builds of one program: 1.0.0 at -Og, 1.1.0 as `build` says.
class SimilarIssues : public testing::Test {
  protected:
    void bring(const std::string& version, const std::string& build) const {
        const auto elf = text_of(decoder::read_bytes(decoder::pair_elf("pairs", build)));
        upload_firmware(device_.model, bundle_of(device_.model, version, elf));
    }
    /// The issue that crash `number` of `build` makes.
    JsonValue issue_of(const std::string& version, const std::string& build, int number) const {
        const auto core = text_of(decoder::pair_core("pairs", build, number));
        const auto coredump = upload(device_, core, "esp32c3", version);
        await_parsed(device_, coredump);
        const auto id =
            get("/api/coredumps/" + std::to_string(coredump.id)).at("issue").at("id").integer();
        return get("/api/issues/" + std::to_string(id));
    }
    static JsonValue similar_to(const JsonValue& issue) {
        const auto id = std::to_string(issue.at("id").integer());
        return get("/api/issues/" + id + "/similar").at("issues");
    }

    FleetDevice device_ = make_device();
};

/// Each of two builds' issues for one bug suggests the other, and that of another bug not.
TEST_F(SimilarIssues, ABacktraceThatEndedEarlyIsSuggested) {
    bring("1.0.0", "debug");
    bring("1.1.0", "small");
    const auto whole = issue_of("1.0.0", "debug", 60);
    const auto cut = issue_of("1.1.0", "small", 60);
    const auto other = issue_of("1.0.0", "debug", 1);
    EXPECT_EQ(whole.at("quality").text(), "full");
    EXPECT_EQ(cut.at("quality").text(), "short");
    ASSERT_NE(whole.at("id").integer(), cut.at("id").integer());
    for (const auto& [one, twin] : {std::pair{whole, cut}, std::pair{cut, whole}}) {
        const auto suggested = similar_to(one);
        ASSERT_EQ(suggested.size(), 1U);
        EXPECT_EQ(suggested.at(0).at("id").integer(), twin.at("id").integer());
    }
    EXPECT_EQ(similar_to(other).size(), 0U);
}

TEST_F(SimilarIssues, CallsThatBecameJumpsAreSuggested) {
    bring("1.0.0", "debug");
    bring("1.1.0", "fast");
    const auto whole = issue_of("1.0.0", "debug", 61);
    const auto jumped = issue_of("1.1.0", "fast", 61);
    ASSERT_NE(whole.at("id").integer(), jumped.at("id").integer());
    const auto suggested = similar_to(jumped);
    ASSERT_EQ(suggested.size(), 1U);
    EXPECT_EQ(suggested.at(0).at("id").integer(), whole.at("id").integer());

    const auto into = std::to_string(whole.at("id").integer());
    const auto merged =
        stack().client().post("/api/issues/" + std::to_string(jumped.at("id").integer()) + "/merge",
                              R"({"into": )" + into + "}");
    EXPECT_EQ(merged.status, 200) << merged;
    EXPECT_EQ(get("/api/issues/" + into).at("occurrences").integer(), 2);
}

/// As a Coredepot before version 2 of the rules left them: a signature by version 1 alone.
void make_old(const FleetCoredump& coredump, const std::string& signature) {
    const auto id = std::to_string(coredump.id);
    stack().sql("UPDATE signatures SET previous_signature = NULL, signature = '" + signature +
                "' WHERE id = (SELECT signature_id FROM occurrences WHERE coredump_id = " + id +
                ')');
    stack().sql("UPDATE coredumps SET signature = '" + signature + "' WHERE id = " + id);
}

/// What people have done with it stays with it.
TEST(ChangeOfRules, AnIssueKeepsItsNumber) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto other = upload(device, thermostat_file("coredump_abort.bin"), kChip, kVersion);
    await_parsed(device, other);
    const auto by_these = await_parsed(device, coredump).at("signature").text();
    const auto by_those = get(device.coredump_path(coredump.id))
                              .at("report")
                              .at("crash")
                              .at("previous_signature")
                              .text();
    ASSERT_NE(by_these, by_those);
    make_old(coredump, by_those);

    const auto detail = get("/api/coredumps/" + std::to_string(coredump.id));
    const auto path = "/api/issues/" + std::to_string(detail.at("issue").at("id").integer());
    const auto name = get(path).at("name").text();
    EXPECT_EQ(stack().client().send({"PATCH", path, R"({"state": "muted"})", {}}).status, 200);

    const auto reparse = device.coredump_path(coredump.id) + "/reparse";
    EXPECT_EQ(stack().client().post(reparse, "").status, 200);
    EXPECT_EQ(await_parsed(device, coredump).at("signature").text(), by_these);
    const auto again = upload(device, thermostat_file("coredump.b64"), kChip, kVersion);
    EXPECT_EQ(await_parsed(device, again).at("signature").text(), by_these);

    const auto issue = get(path);
    EXPECT_EQ(issue.at("name").text(), name);
    EXPECT_EQ(issue.at("state").text(), "muted");
    EXPECT_EQ(issue.at("occurrences").integer(), 2);
    EXPECT_EQ(issue.at("signatures").size(), 2U) << "the new one, and the old one";
    EXPECT_EQ(get(path + "/history").at("history").at(0).at("event").text(), "signature_adopted");
    EXPECT_EQ(get("/api/issues?model=" + device.model.code).at("issues").size(), 2U)
        << "with that of the other core dump";
}

}  // namespace
