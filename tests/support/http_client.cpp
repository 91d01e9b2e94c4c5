#include "support/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <ostream>
#include <stdexcept>

#include <curl/curl.h>

#include "support/exchange_log.hpp"

namespace coredepot::test {
namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

/// A line of a response's head, without its end.
void add_header(std::string_view line, HttpResponse& response) {
    if (line.starts_with("HTTP/")) {  // a new head: after a 100 another one comes
        response.headers.clear();
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    response.headers.emplace_back(lower(std::string(line.substr(0, colon))), value);
}

std::string_view without_line_end(std::string_view line) {
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::size_t on_header(char* line, std::size_t /*always 1*/, std::size_t length, void* response) {
    add_header(without_line_end({line, length}), *static_cast<HttpResponse*>(response));
    return length;
}

std::size_t on_body(char* piece, std::size_t /*always 1*/, std::size_t length, void* response) {
    static_cast<HttpResponse*>(response)->body.append(piece, length);
    return length;
}

struct Upload {
    std::string_view rest;
};

std::size_t on_upload(char* target, std::size_t /*always 1*/, std::size_t length, void* upload) {
    auto& rest = static_cast<Upload*>(upload)->rest;
    const auto piece = rest.substr(0, length);
    std::ranges::copy(piece, target);
    rest.remove_prefix(piece.size());
    return piece.size();
}

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
}

}  // namespace

std::vector<std::string> HttpResponse::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers) {
        if (key == name) values.push_back(value);
    }
    return values;
}

std::string HttpResponse::header(std::string_view name) const {
    const auto values = all(name);
    return values.empty() ? "" : values.front();
}

std::ostream& operator<<(std::ostream& out, const HttpResponse& response) {
    constexpr std::size_t kShown = 500;
    out << "status " << response.status << '\n';
    for (const auto& [name, value] : response.headers) out << name << ": " << value << '\n';
    return out << response.body.size() << " bytes: " << response.body.substr(0, kShown);
}

HttpResponse parse_response(std::string_view bytes, bool has_body) {
    HttpResponse response;
    constexpr std::string_view kStart = "HTTP/1.1 ";
    auto end = bytes.find("\r\n\r\n");
    if (bytes.starts_with("HTTP/1.1 100") && end != std::string_view::npos) {
        bytes.remove_prefix(end + 4);  // the answer comes after it, if one comes
        end = bytes.find("\r\n\r\n");
    }
    if (!bytes.starts_with(kStart) || end == std::string_view::npos) {
        response.body = bytes;
        return response;
    }
    std::from_chars(bytes.data() + kStart.size(), bytes.data() + end, response.status);
    auto head = bytes.substr(0, end + 2);
    while (!head.empty()) {
        const auto line = head.substr(0, head.find('\n') + 1);
        add_header(without_line_end(line), response);
        head.remove_prefix(line.size());
    }
    if (!has_body) return response;
    response.body = bytes.substr(end + 4);
    std::size_t length = 0;
    const auto announced = response.header("content-length");
    const auto* const last = announced.data() + announced.size();
    if (std::from_chars(announced.data(), last, length).ptr == last && !announced.empty()) {
        response.body.resize(
            std::min(length, response.body.size()));  // another response may follow
    }
    return response;
}

struct HttpClient::Handle {
    CURL* curl = curl_easy_init();

    Handle() {
        if (curl == nullptr) throw std::runtime_error("libcurl is not available");
    }
    ~Handle() { curl_easy_cleanup(curl); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
};

HttpClient::HttpClient(std::string base_url, Headers always, std::string from)
    : base_url_(std::move(base_url)), always_(std::move(always)), from_(std::move(from)) {
    // A server that has answered closes while we still send; libcurl leaves that signal to us.
    static const auto once = [] {
        std::signal(SIGPIPE, SIG_IGN);
        return curl_global_init(CURL_GLOBAL_DEFAULT);
    }();
    (void)once;
    handle_ = std::make_unique<Handle>();
}

HttpClient HttpClient::of_others(std::string base_url, Headers always) {
    HttpClient client(std::move(base_url), std::move(always));
    client.is_ours_ = false;
    return client;
}

HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpResponse HttpClient::send(const HttpRequest& request) {
    constexpr long kTimeout = 120;  // a deadline, not an expectation
    auto* curl = handle_->curl;
    HttpResponse response;
    Upload upload{request.body ? std::string_view(*request.body) : ""};
    List headers;
    append(headers, "Expect:");  // no waiting for "100 Continue"
    append(headers, "Content-Type:");
    for (const auto& header : always_) append(headers, header);
    for (const auto& header : request.headers) append(headers, header);
    if (request.chunked) append(headers, "Transfer-Encoding: chunked");

    curl_easy_reset(curl);  // keeps the connection
    curl_easy_setopt(curl, CURLOPT_URL, base_url_.c_str());
    curl_easy_setopt(curl, CURLOPT_REQUEST_TARGET, request.target.c_str());
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (!from_.empty()) curl_easy_setopt(curl, CURLOPT_INTERFACE, ("host!" + from_).c_str());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTimeout);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (request.body && request.chunked) {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_upload);
        curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    } else if (request.body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body->data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body->size()));
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());

    const auto what = request.method + ' ' + request.target.substr(0, 200);
    const auto code = curl_easy_perform(curl);
    if (code != CURLE_OK) throw std::runtime_error(what + ": " + curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    if (is_ours_) expect_contract(response, what, request.method != "HEAD");
    record_exchange(base_url_, request.method, request.target, response);
    return response;
}

HttpResponse HttpClient::get(const std::string& target, const Headers& headers) {
    return send({"GET", target, std::nullopt, headers});
}

HttpResponse HttpClient::head(const std::string& target, const Headers& headers) {
    return send({"HEAD", target, std::nullopt, headers});
}

HttpResponse HttpClient::del(const std::string& target) {
    return send({"DELETE", target, std::nullopt, {}});
}

HttpResponse HttpClient::post(const std::string& target, const std::string& body,
                              const Headers& headers) {
    return send({"POST", target, body, headers});
}

HttpResponse HttpClient::put(const std::string& target, const std::string& body) {
    return send({"PUT", target, body, {}});
}

}  // namespace coredepot::test
