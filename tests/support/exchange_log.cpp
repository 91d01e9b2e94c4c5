#include "support/exchange_log.hpp"

#include <fstream>
#include <mutex>

#include "gzip.hpp"
#include "json.hpp"

namespace coredepot::test {
namespace {

struct Log {
    std::mutex mutex;
    std::ofstream file;
    std::string base_url;

    void write(const std::string& line) {
        const std::lock_guard lock(mutex);
        if (file.is_open()) file << line << '\n' << std::flush;
    }
};

Log& exchange_log() {
    static Log only;
    return only;
}

bool is_text(const std::string& content_type) {
    return content_type.starts_with("application/json") || content_type.starts_with("text/");
}

/// Unpacked, if it came packed.
std::string text_of(const HttpResponse& response) {
    constexpr std::size_t kEnough = 10'000'000;
    if (response.header("content-encoding") != "gzip" || response.body.empty())
        return response.body;
    const auto unpacked = gunzip(response.body, kEnough);
    const auto* text = std::get_if<std::string>(&unpacked);
    return text == nullptr ? "not gzip" : *text;
}

std::string line(const std::string& method, const std::string& target,
                 const HttpResponse& response) {
    json::Writer writer;
    writer.begin_object()
        .member("method", method)
        .member("target", target)
        .member("status", response.status)
        .key("headers")
        .begin_array();
    for (const auto& [name, value] : response.headers) {
        writer.begin_array().value(name).value(value).end_array();
    }
    writer.end_array();
    if (is_text(response.header("content-type"))) writer.member("body", text_of(response));
    writer.end_object();
    return writer.take();
}

}  // namespace

void keep_exchanges(const std::filesystem::path& file, const std::string& base_url) {
    auto& log = exchange_log();
    const std::lock_guard lock(log.mutex);
    log.file = std::ofstream(file, std::ios::app);
    log.base_url = base_url;
}

void record_exchange(const std::string& base_url, const std::string& method,
                     const std::string& target, const HttpResponse& response) {
    if (base_url == exchange_log().base_url) exchange_log().write(line(method, target, response));
}

void record_response(const HttpResponse& response, bool has_body) {
    exchange_log().write(line(has_body ? "" : "HEAD", "", response));
}

}  // namespace coredepot::test
