#include "upload.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

namespace coredepot::test {

std::string bytes_of(std::size_t length) {
    std::string bytes(length, '\0');
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

HttpResponse post(const std::string& target, const std::string& body,
                  const HttpClient::Headers& headers) {
    return stack().client().post(target, body, headers);
}

FleetCoredump accepted(const HttpResponse& response) {
    EXPECT_EQ(response.status, 201) << response;
    return {response.json().at("coredump_id").integer(), response.json().at("filename").text()};
}

std::string column(const FleetCoredump& coredump, const std::string& name) {
    return stack().sql_value("SELECT " + name +
                             " FROM coredumps WHERE id = " + std::to_string(coredump.id));
}

void expect_nothing_stored(const FleetDevice& device) {
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_TRUE(names_in(device.folder()).empty());
}

}  // namespace coredepot::test
