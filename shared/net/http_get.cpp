#include "net/http_get.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "net/curl_handles.hpp"

namespace coredepot::net {
namespace {

struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

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

std::size_t take(char* piece, std::size_t /*always 1*/, std::size_t length, void* target) {
    auto& body = *static_cast<Body*>(target);
    if (body.bytes.size() + length > body.limit) return 0;  // libcurl ends the transfer
    body.bytes.append(piece, length);
    return length;
}

bool had_connection(CURL* curl) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &microseconds);
    return microseconds > 0;
}

}  // namespace

struct GetPool::Multi {
    std::unique_ptr<CURLM, MultiCleanup> handle{curl_multi_init()};
};

/// Must not move, because libcurl writes into it.
struct GetPool::Transfer {
    Transfer(CURLM* pool, GetRequest what, Done when_done)
        : request(std::move(what)), done(std::move(when_done)), multi(pool) {
        auto* curl = handle.get();
        curl_easy_setopt(curl, CURLOPT_URL, full_url(curl, request).c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        if (!request.use_proxy) curl_easy_setopt(curl, CURLOPT_PROXY, "");
        if (request.ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file->c_str());
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        // When a server hangs up on a kept connection, libcurl asks again by itself. A question
        // that kills the server would then be asked twice.
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                         static_cast<long>(request.limits.connect.count()));
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(request.limits.total.count()));
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error.data());
        for (const auto& header : request.headers) append(headers, header);
        if (request.post) {
            append(headers, "Content-Type: " + request.post->content_type);
            append(headers, "Expect:");  // do not wait for a 100 answer
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                             static_cast<curl_off_t>(request.post->bytes.size()));
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.post->bytes.data());
        }
        if (headers) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        if (curl_multi_add_handle(multi, curl) != CURLM_OK) {
            throw std::runtime_error("libcurl takes no more transfers");
        }
    }
    ~Transfer() { curl_multi_remove_handle(multi, handle.get()); }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    GetResult result(CURLcode code) {
        if (code == CURLE_WRITE_ERROR) return GetFailure{"answer larger than accepted"};
        if (code != CURLE_OK) {
            return GetFailure{error[0] != '\0' ? error.data() : curl_easy_strerror(code),
                              had_connection(handle.get())};
        }
        long status = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
        return GetResponse{status, std::move(body.bytes)};
    }

    GetRequest request;
    Done done;
    CURLM* multi;
    Texts headers;
    Easy handle = make_easy();
    Body body{{}, request.limits.max_body};
    std::array<char, CURL_ERROR_SIZE> error{};
};

GetPool::GetPool() {
    ensure_initialised();
    multi_ = std::make_unique<Multi>();
    if (!multi_->handle) throw std::runtime_error("libcurl is not available");
}

GetPool::~GetPool() = default;

void GetPool::start(GetRequest request, Done done) {
    transfers_.push_back(
        std::make_unique<Transfer>(multi_->handle.get(), std::move(request), std::move(done)));
    // Start it now and not in the first wait(), so that requests go out in the order of start().
    int running = 0;
    curl_multi_perform(multi_->handle.get(), &running);
}

void GetPool::wait() {
    constexpr int kPatienceMs = 1000;  // how often keep_going is called
    auto* multi = multi_->handle.get();
    if (end_unwanted()) return;
    int running = 0;
    curl_multi_perform(multi, &running);
    if (static_cast<std::size_t>(running) == transfers_.size()) {
        curl_multi_poll(multi, nullptr, 0, kPatienceMs, nullptr);
        curl_multi_perform(multi, &running);
    }
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi, &left)) {
        const auto code = message->data.result;
        const auto ended = std::ranges::find_if(transfers_, [&](const auto& transfer) {
            return transfer->handle.get() == message->easy_handle;
        });
        finish(ended, (*ended)->result(code));
    }
}

/// Runs outside libcurl, because exceptions must not pass through its C code. True when it ended
/// one.
bool GetPool::end_unwanted() {
    const auto unwanted = std::ranges::find_if(transfers_, [](const auto& transfer) {
        return transfer->request.keep_going && !transfer->request.keep_going();
    });
    if (unwanted == transfers_.end()) return false;
    finish(unwanted, GetFailure{"ended before there was an answer"});
    return true;
}

void GetPool::finish(Transfers::iterator transfer, GetResult result) {
    // Take it out first: the callback may throw or start the next request.
    const auto ended = std::move(*transfer);
    transfers_.erase(transfer);
    ended->done(std::move(result));
}

GetResult http_get(const GetRequest& request) {
    GetResult result;
    GetPool pool;
    pool.start(request, [&](GetResult outcome) { result = std::move(outcome); });
    while (pool.under_way() > 0) pool.wait();
    return result;
}

}  // namespace coredepot::net
