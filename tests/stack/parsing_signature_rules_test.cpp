// A model's signature rules, from the registry to the signature.

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/stack_environment.hpp"
#include "support/verdict.hpp"
#include "thermostat.hpp"

using namespace coredepot::test;

namespace {

/// Once its core dumps are parsed by these rules.
JsonValue detail_by(const FleetDevice& device, const FleetCoredump& coredump,
                    const std::string& rules) {
    EXPECT_EQ(stack().client().put(device.model.path() + "/signature-rules", rules).status, 200);
    const auto detail = [&] {
        return stack().client().get(device.coredump_path(coredump.id)).json();
    };
    EXPECT_TRUE(eventually([&] {
        const auto kept = stack().client().get(device.model.path() + "/signature-rules").json();
        return !kept.at("reparsing").truth() && detail().at("parse_status").text() == "PARSED";
    }));
    return detail();
}

TEST(SignatureRules, OfTheModelPassOverFunctions) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    output_of(device, coredump);
    const auto before = stack().client().get(device.coredump_path(coredump.id)).json();
    const auto skipped =
        detail_by(device, coredump, R"({"skip": ["relay_set_duty"], "prefixes": ["heater_"]})");
    EXPECT_NE(skipped.at("signature").text(), before.at("signature").text());
    const auto title = skipped.at("title").text();
    EXPECT_NE(title.find(" in regulate_zone ("), std::string::npos) << title;
    const auto none = detail_by(device, coredump, R"({"skip": [], "prefixes": []})");
    EXPECT_EQ(none.at("signature").text(), before.at("signature").text());
    EXPECT_EQ(none.at("title").text(), before.at("title").text());
}

}  // namespace
