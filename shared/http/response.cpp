#include "http/response.hpp"

#include <array>

#include "text/url.hpp"

namespace coredepot::http {

std::string_view reason_phrase(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 20> kPhrases = {
        {{200, "OK"},
         {201, "Created"},
         {202, "Accepted"},
         {204, "No Content"},
         {206, "Partial Content"},
         {302, "Found"},
         {304, "Not Modified"},
         {400, "Bad Request"},
         {401, "Unauthorized"},
         {403, "Forbidden"},
         {404, "Not Found"},
         {405, "Method Not Allowed"},
         {409, "Conflict"},
         {412, "Precondition Failed"},
         {413, "Payload Too Large"},
         {415, "Unsupported Media Type"},
         {422, "Unprocessable Content"},
         {429, "Too Many Requests"},
         {500, "Internal Server Error"},
         {503, "Service Unavailable"}}};
    for (const auto& [number, phrase] : kPhrases) {
        if (number == status) return phrase;
    }
    return "Unknown";
}

Response json_response(int status, json::Writer& writer) {
    return {status, {{"Content-Type", "application/json"}}, writer.take()};
}

Response no_content() {
    return {204, {}, ""};
}

std::vector<std::pair<std::string, std::string>> file_headers(const FileResponse& file) {
    return {{"Content-Type", "application/octet-stream"},
            {"Content-Disposition", "attachment; filename=\"" + file.download_name + '"'}};
}

Response file_response(const FileResponse& file) {
    Response response{200, {{"X-Accel-Redirect", percent_encoded(file.location, "/")}}, ""};
    for (auto& header : file_headers(file)) response.headers.push_back(std::move(header));
    // When a handler redirects, nginx drops its ETag. The internal location restores it from this
    // header.
    if (!file.etag.empty()) response.headers.emplace_back("X-ETag", file.etag);
    if (file.source) {
        response.headers.emplace_back("X-Source-Url", file.source->url);
        response.headers.emplace_back("X-Source-Host", file.source->host);
        response.headers.emplace_back("X-Source-Name", file.source->name);
    }
    return response;
}

}  // namespace coredepot::http
