#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace coredepot::test {

/// The model and the device that all of the story is about.
struct Thermostat {
    std::int64_t device = 0;
    std::string key;

    std::string path() const { return "/api/devices/" + std::to_string(device) + "/coredumps"; }
};

Thermostat& thermostat();

/// It crashes, and its core dump is taken: the id.
std::int64_t upload_crash();

/// Of one of its core dumps; where there is none, the status that was answered.
std::string parse_status(std::int64_t coredump);

void expect_crash_is_parsed();

/// What was accepted under these names has its rows, and there are as many files as rows.
void expect_all_rows_and_files(const std::set<std::string>& accepted);

}  // namespace coredepot::test
