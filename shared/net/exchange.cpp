#include "net/exchange.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>

#include "net/curl_handles.hpp"
#include "text/ascii.hpp"

namespace coredepot::net {
namespace {

constexpr std::size_t kMostHeaders = 65'536;  ///< bytes of an answer's headers

bool is_success(long status) {
    return status >= 200 && status < 300;
}

/// What one request sends and receives.
struct Way {
    const ExchangeRequest& request;
    CURL* curl;
    ExchangeAnswer answer;
    std::size_t header_bytes = 0;
    std::uint64_t body_bytes = 0;
    std::size_t offset = 0;    ///< in the request's body
    bool all_handed = false;   ///< libcurl has had the whole body at some time
    bool is_too_long = false;  ///< the answer
    std::exception_ptr thrown;
};

std::size_t read_body(char* buffer, std::size_t size, std::size_t count, void* data) {
    auto& way = *static_cast<Way*>(data);
    const auto rest = way.request.body->substr(way.offset);
    const auto length = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), length);
    way.offset += length;
    if (way.offset == way.request.body->size()) way.all_handed = true;
    return length;
}

/// Lets libcurl send the body again on another connection.
int seek_body(void* data, curl_off_t offset, int origin) {
    auto& way = *static_cast<Way*>(data);
    if (origin != SEEK_SET || offset < 0 ||
        static_cast<std::size_t>(offset) > way.request.body->size()) {
        return CURL_SEEKFUNC_FAIL;
    }
    way.offset = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

/// Takes one line of the headers, with its line end. An interim answer such as 100 is forgotten
/// when the next one starts.
std::size_t take_header(char* piece, std::size_t /*always 1*/, std::size_t length, void* data) {
    auto& way = *static_cast<Way*>(data);
    std::string_view line(piece, length);
    way.header_bytes += length;
    if (way.header_bytes > kMostHeaders) {
        way.is_too_long = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) way.answer.headers.clear();
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return length;
    auto value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && static_cast<unsigned char>(value.back()) <= ' ')
        value.remove_suffix(1);
    way.answer.headers.emplace_back(ascii_lower(line.substr(0, colon)), value);
    return length;
}

std::size_t take_body(char* piece, std::size_t /*always 1*/, std::size_t length, void* data) {
    auto& way = *static_cast<Way*>(data);
    way.body_bytes += length;
    if (way.body_bytes > way.request.max_body) {
        way.is_too_long = true;
        return 0;
    }
    long status = 0;
    curl_easy_getinfo(way.curl, CURLINFO_RESPONSE_CODE, &status);
    if (!way.request.sink || !is_success(status)) {
        way.answer.body.append(piece, length);
        return length;
    }
    // Exceptions must not pass through libcurl's C code.
    try {
        way.request.sink({piece, length});
    } catch (...) {
        way.thrown = std::current_exception();
        return 0;
    }
    return length;
}

std::string address_of(CURL* curl) {
    const char* address = nullptr;
    long port = 0;
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_PORT, &port);
    const std::string text(address == nullptr ? "" : address);
    const bool is_v6 = text.find(':') != std::string::npos;
    return (is_v6 ? '[' + text + ']' : text) + ':' + std::to_string(port);
}

}  // namespace

std::optional<std::string> ExchangeAnswer::header(std::string_view name) const {
    const auto found =
        std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    if (found == headers.end()) return std::nullopt;
    return found->second;
}

struct Exchange::Impl {
    Easy handle = make_easy();
    std::optional<std::filesystem::path> ca_file;
};

Exchange::Exchange(std::optional<std::filesystem::path> ca_file) : impl_(std::make_unique<Impl>()) {
    impl_->ca_file = std::move(ca_file);
}

Exchange::~Exchange() = default;
Exchange::Exchange(Exchange&&) noexcept = default;
Exchange& Exchange::operator=(Exchange&&) noexcept = default;

ExchangeResult Exchange::ask(const ExchangeRequest& request) {
    auto* curl = impl_->handle.get();
    curl_easy_reset(curl);  // this keeps its connections
    Way way{.request = request, .curl = curl, .answer = {}, .thrown = nullptr};
    std::array<char, CURL_ERROR_SIZE> error{};
    Texts headers;
    for (const auto& header : request.headers) append(headers, header);
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Coredepot/" COREDEPOT_VERSION);
    if (impl_->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, impl_->ca_file->c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(request.connect_limit.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_limit.count()));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &way);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &way);
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (request.body) {
        append(headers, "Expect:");  // do not wait for a 100 answer
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(request.body->size()));
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_body);
        curl_easy_setopt(curl, CURLOPT_READDATA, &way);
        curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek_body);
        curl_easy_setopt(curl, CURLOPT_SEEKDATA, &way);
    }
    if (request.method != "HEAD") {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());

    const auto code = curl_easy_perform(curl);
    if (way.thrown) std::rethrow_exception(way.thrown);
    if (code != CURLE_OK) {
        long sent = 0;
        curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
        const bool all_sent = request.body && !request.body->empty() ? way.all_handed : sent > 0;
        return ExchangeFailure{way.is_too_long    ? "answer larger than accepted"
                               : error[0] != '\0' ? error.data()
                                                  : curl_easy_strerror(code),
                               all_sent, code == CURLE_OPERATION_TIMEDOUT};
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &way.answer.status);
    curl_off_t changed = -1;
    curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &changed);
    if (changed >= 0) way.answer.last_modified.emplace(std::chrono::seconds(changed));
    way.answer.address = address_of(curl);
    return std::move(way.answer);
}

}  // namespace coredepot::net
