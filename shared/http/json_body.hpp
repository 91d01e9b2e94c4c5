#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/request.hpp"
#include "json.hpp"

/// What clients send as JSON. Each throws core::ValidationFailed with the member's name.
namespace coredepot::http {

/// The body, a JSON object of at most 64 KiB.
json::Object read_json(const Request& request);

std::string require_string(const json::Object& body, const char* member);
std::int64_t require_integer(const json::Object& body, const char* member);
/// Empty when absent or null; a fault when it is something else.
std::optional<std::string> optional_string(const json::Object& body, const char* member);
/// The same, but it must be there: null has to be meant.
std::optional<std::string> nullable_string(const json::Object& body, const char* member);

/// A query parameter that is an id; empty when absent.
std::optional<std::int64_t> optional_integer(const Request& request, const char* parameter);

}  // namespace coredepot::http
