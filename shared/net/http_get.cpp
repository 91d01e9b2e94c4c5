#include "net/http_get.hpp"

#include <array>
#include <memory>

#include <curl/curl.h>

namespace coredepot::net {
namespace {

struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

/// libcurl initialises its TLS library once a process.
void ensure_initialised() {
    static const auto once = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)once;
}

std::string encoded(CURL* curl, const std::string& text) {
    char* raw = curl_easy_escape(curl, text.data(), static_cast<int>(text.size()));
    std::string result = raw == nullptr ? "" : raw;
    curl_free(raw);
    return result;
}

std::string full_url(CURL* curl, const GetRequest& request) {
    std::string url = request.url;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        url += separator + encoded(curl, name) + '=' + encoded(curl, value);
        separator = '&';
    }
    return url;
}

struct Body {
    std::string bytes;
    std::uint64_t limit;
};

std::size_t append(char* piece, std::size_t /*always 1*/, std::size_t length, void* target) {
    auto& body = *static_cast<Body*>(target);
    if (body.bytes.size() + length > body.limit) return 0;  // libcurl ends the transfer
    body.bytes.append(piece, length);
    return length;
}

int ask_keep_going(void* request, curl_off_t /*unused*/, curl_off_t /*unused*/,
                   curl_off_t /*unused*/, curl_off_t /*unused*/) {
    const auto& keep_going = static_cast<const GetRequest*>(request)->keep_going;
    return keep_going && !keep_going() ? 1 : 0;
}

}  // namespace

std::variant<GetResponse, GetFailure> http_get(const GetRequest& request) {
    ensure_initialised();
    const std::unique_ptr<CURL, Cleanup> handle(curl_easy_init());
    if (!handle) return GetFailure{"libcurl is not available"};
    auto* curl = handle.get();
    const auto url = full_url(curl, request);
    Body body{{}, request.max_body};
    std::array<char, CURL_ERROR_SIZE> error{};
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!request.use_proxy) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                     static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(request.total_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask_keep_going);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &request);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error.data());
    const auto code = curl_easy_perform(curl);
    if (code == CURLE_WRITE_ERROR) return GetFailure{"answer larger than accepted"};
    if (code != CURLE_OK) {
        return GetFailure{error[0] != '\0' ? error.data() : curl_easy_strerror(code)};
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return GetResponse{status, std::move(body.bytes)};
}

}  // namespace coredepot::net
