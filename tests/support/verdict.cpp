#include "support/verdict.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

namespace coredepot::test {

JsonValue verdict_on(const FleetDevice& device, const FleetCoredump& coredump) {
    auto client = stack().client();
    std::string body;
    const bool decided = eventually([&] {
        body = client.get(device.coredump_path(coredump.id)).body;
        return JsonValue::parse(body).at("parse_status").text() != "PENDING";
    });
    EXPECT_TRUE(decided) << body;
    return JsonValue::parse(body);
}

std::string output_of(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto detail = verdict_on(device, coredump);
    EXPECT_EQ(detail.at("parse_status").text(), "PARSED") << detail.at("parsed_output").text();
    EXPECT_FALSE(detail.at("parsed_at").is_null());
    return detail.at("parsed_output").text();
}

std::string reason_of(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto detail = verdict_on(device, coredump);
    EXPECT_EQ(detail.at("parse_status").text(), "ERROR");
    EXPECT_TRUE(detail.at("parsed_at").is_null());
    const auto output = detail.at("parsed_output").text();
    const std::string start = "Unable to parse coredump: ";
    EXPECT_TRUE(output.starts_with(start)) << output;
    return output.substr(std::min(start.size(), output.size()));
}

std::string report_of(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto body = stack().client().get(device.coredump_path(coredump.id)).body;
    // The last member. In the text before it a quotation mark comes behind a backslash.
    const std::string name = R"("report":)";
    const auto begin = body.find(name) + name.size();
    return body.substr(begin, body.size() - begin - 1);
}

std::string attempts(const FleetCoredump& coredump) {
    return stack().sql_value("SELECT attempts FROM coredumps WHERE id = " +
                             std::to_string(coredump.id));
}

void expect_transfer_folder_empties() {
    EXPECT_TRUE(eventually([] { return visible_names_in(stack().xfer_dir()).empty(); }))
        << "the transfer folder is not empty";
}

}  // namespace coredepot::test
