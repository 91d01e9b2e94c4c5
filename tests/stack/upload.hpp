#pragma once

#include <cstddef>
#include <string>

#include "support/fleet.hpp"
#include "support/http_client.hpp"

/// Uploads as devices make them, whatever is answered, and what is stored of them.
namespace coredepot::test {

/// The largest that is taken.
constexpr std::size_t kMebibyte = 1'048'576;

/// Bytes without a pattern that anything could depend on, every value among them.
std::string bytes_of(std::size_t length);

HttpResponse post(const std::string& target, const std::string& body = "a core dump",
                  const HttpClient::Headers& headers = {});

/// The core dump that the answer to a good upload names.
FleetCoredump accepted(const HttpResponse& response);

/// Of its row, as text.
std::string column(const FleetCoredump& coredump, const std::string& name);

/// Nothing of a device may be left behind by what was refused.
void expect_nothing_stored(const FleetDevice& device);

}  // namespace coredepot::test
