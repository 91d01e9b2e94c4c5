#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"

namespace coredepot::http {

struct Response {
    int status = 500;  ///< unless somebody sets it
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// `Not Found`. Some parsers on devices need words after the number.
std::string_view reason_phrase(int status);

Response json_response(int status, json::Writer& writer);
Response no_content();

/// A file that the web server sends, or fetches and sends (X-Accel-Redirect). `location` is one of
/// its internal locations.
struct FileResponse {
    std::string location;       ///< any bytes; encoded when it is sent
    std::string download_name;  ///< ASCII without quotes
    std::string etag;           ///< strong, with its quotes; empty: there is none
    /// Where `location` fetches it from; empty: it is a local file.
    struct Source {
        std::string url;
        std::string host;
        std::string name;  ///< the name in its certificate
    };
    std::optional<Source> source = std::nullopt;
};
Response file_response(const FileResponse& file);

/// The headers of every answer that has bytes of a file.
std::vector<std::pair<std::string, std::string>> file_headers(const FileResponse& file);

}  // namespace coredepot::http
