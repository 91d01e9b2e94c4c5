#pragma once

#include <filesystem>
#include <string>

#include "support/http_client.hpp"

/// What was asked and answered, for tests/stack/openapi/check.
namespace coredepot::test {

/// From here on what the server at `base_url` answers goes to the end of `file`, a JSON object a
/// line.
void keep_exchanges(const std::filesystem::path& file, const std::string& base_url);

/// For any thread; nothing happens when it is another server's.
void record_exchange(const std::string& base_url, const std::string& method,
                     const std::string& target, const HttpResponse& response);
/// Where what was sent is hardly a request.
void record_response(const HttpResponse& response, bool has_body);

}  // namespace coredepot::test
