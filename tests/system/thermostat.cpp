#include "system/thermostat.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "system/machine.hpp"

namespace coredepot::test {

Thermostat& thermostat() {
    static Thermostat only;
    return only;
}

std::int64_t upload_crash() {
    const auto response = Machine::client().post(
        "/api/iot/coredump?chip=esp32c3&firmware_version=1.4.2&device_key=" + thermostat().key,
        thermostat_file("coredump.bin"));
    EXPECT_EQ(response.status, 201) << response;
    return response.json().at("coredump_id").integer();
}

std::string parse_status(std::int64_t coredump) {
    const auto response =
        Machine::client().get(thermostat().path() + '/' + std::to_string(coredump));
    return response.status == 200 ? response.json().at("parse_status").text()
                                  : std::to_string(response.status);
}

void expect_crash_is_parsed() {
    const auto coredump = upload_crash();
    // Thousands may wait before it.
    EXPECT_TRUE(
        eventually([&] { return parse_status(coredump) == "PARSED"; }, std::chrono::minutes(3)))
        << coredump << " is " << parse_status(coredump);
}

namespace {

/// The names of all the thermostat's core dumps, page by page.
std::set<std::string> recorded_names() {
    auto client = Machine::client();
    std::set<std::string> names;
    std::string target = thermostat().path();
    while (true) {
        const auto page = client.get(target).json();
        const auto rows = page.at("coredumps");
        for (std::size_t i = 0; i < rows.size(); ++i)
            names.insert(rows.at(i).at("filename").text());
        if (page.at("next").is_null()) return names;
        target = thermostat().path() + "?cursor=" + page.at("next").text();
    }
}

}  // namespace

void expect_all_rows_and_files(const std::set<std::string>& accepted) {
    std::set<std::string> names;
    const auto are_all_there = [&] {
        names = recorded_names();
        return std::ranges::includes(names, accepted);
    };
    // Thousands may have been spooled.
    EXPECT_TRUE(eventually(are_all_there, std::chrono::minutes(5))) << "rows are missing";
    EXPECT_EQ(
        machine().output_of("ls /var/lib/coredepot/coredumps/" + thermostat().key + " | wc -l"),
        std::to_string(names.size()));
}

}  // namespace coredepot::test
