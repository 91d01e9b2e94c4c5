#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/request.hpp"
#include "json.hpp"

/// Reads JSON from clients. Each function throws core::ValidationFailed with the member's name.
namespace coredepot::http {

/// Reads the body, which must be a JSON object of at most 64 KiB.
json::Object read_json(const Request& request);

std::string require_string(const json::Object& body, const char* member);
std::int64_t require_integer(const json::Object& body, const char* member);
/// Empty when absent or null; anything else that is not a string is an error.
std::optional<std::string> optional_string(const json::Object& body, const char* member);
/// The same, but an absent member is an error, too: null must be explicit.
std::optional<std::string> nullable_string(const json::Object& body, const char* member);

/// A query parameter that is an ID; empty when absent.
std::optional<std::int64_t> optional_integer(const Request& request, const char* parameter);

}  // namespace coredepot::http
