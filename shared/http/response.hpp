#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"

namespace coredepot::http {

struct Response {
    int status = 500;  ///< until somebody knows better
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// `Not Found`: some parsers on devices want words after the number.
std::string_view reason_phrase(int status);

Response json_response(int status, json::Writer& writer);
Response no_content();

/// A file for the web server to send, or to fetch and to send (X-Accel-Redirect): `location` is one
/// of its internal ones.
struct FileResponse {
    std::string location;       ///< any bytes; percent-encoded on the way out
    std::string download_name;  ///< ASCII without quotes
    std::string etag;           ///< strong, with its quotes; empty: none
    /// Where `location` fetches it from; empty: it is a file.
    struct Source {
        std::string url;
        std::string host;
        std::string name;  ///< that its certificate is for
    };
    std::optional<Source> source = std::nullopt;
};
Response file_response(const FileResponse& file);

/// What every answer with some of a file's bytes says about them.
std::vector<std::pair<std::string, std::string>> file_headers(const FileResponse& file);

}  // namespace coredepot::http
