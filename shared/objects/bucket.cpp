#include "objects/bucket.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "log.hpp"
#include "objects/named_files.hpp"
#include "sha256.hpp"
#include "text/base64.hpp"
#include "text/integers.hpp"

namespace coredepot::objects {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kRecordHeader = "x-amz-meta-coredepot-record";
/// S3's limit for the names and values of all metadata, minus the length of our one name.
constexpr std::size_t kMostMetadata = 2048 - 16;
constexpr milliseconds kMostConnecting{2000};
constexpr std::uint64_t kMebibyte = 1'048'576;
/// Four times as much as 1,000 long keys need.
constexpr std::uint64_t kMostListBytes = 8 * kMebibyte;
constexpr std::uint64_t kMostErrorBytes = 65'536;

constexpr long kOk = 200;
constexpr long kNoContent = 204;
constexpr long kNotFound = 404;
constexpr long kFirstServerError = 500;

const std::string& hash_of_nothing() {
    static const auto hash = sha256_hex("");
    return hash;
}

/// Tells the observer how a request went, whichever way the scope is left.
class Watch {
  public:
    Watch(const Observer& observer, Operation operation)
        : observer_(observer), operation_(operation) {}
    ~Watch() {
        if (!observer_) return;
        observer_(
            operation_, outcome_,
            std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin_));
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void set(Outcome outcome) { outcome_ = outcome; }

  private:
    const Observer& observer_;
    Operation operation_;
    Outcome outcome_ = Outcome::Failed;
    steady_clock::time_point begin_ = steady_clock::now();
};

std::string describe(const net::ExchangeAnswer& answer) {
    const auto code = parse_error_code(answer.body);
    return "it answered " + std::to_string(answer.status) + (code.empty() ? "" : " " + code);
}

/// Throws Unavailable when there is no answer.
net::ExchangeAnswer answer_of(std::string_view operation, const std::string& key,
                              net::ExchangeResult result) {
    if (const auto* failure = std::get_if<net::ExchangeFailure>(&result)) {
        throw Unavailable(std::string(operation) + ' ' + key + ": " + failure->error);
    }
    return std::get<net::ExchangeAnswer>(std::move(result));
}

/// A missing bucket also answers 404, so the error code decides.
bool is_missing_object(const net::ExchangeAnswer& answer) {
    return answer.status == kNotFound && parse_error_code(answer.body) == "NoSuchKey";
}

}  // namespace

Bucket::Bucket(const S3Config& config, Observer observer)
    : config_(config),
      access_key_{config.access_key_id, secret_access_key(config), config.region},
      host_(config.endpoint.substr(config.endpoint.find("//") + 2)),
      observer_(std::move(observer)),
      exchange_(config.ca_file) {}

SignedRequest Bucket::request_for(const std::string& method, const std::string& key) const {
    SignedRequest request;
    request.method = method;
    request.host = host_;
    request.path = '/' + config_.bucket;
    if (!key.empty()) request.path += '/' + config_.prefix + key;
    request.payload_sha256 = hash_of_nothing();
    return request;
}

net::ExchangeResult Bucket::ask(const SignedRequest& request, std::uint64_t max_body,
                                std::optional<std::string_view> body,
                                const std::function<void(std::string_view)>& sink) {
    net::ExchangeRequest exchange;
    exchange.method = request.method;
    exchange.url = config_.endpoint + target_of(request);
    for (const auto& [name, value] : signed_headers(request, access_key_, now())) {
        exchange.headers.push_back(std::string(name).append(": ").append(value));
    }
    exchange.body = body;
    exchange.sink = sink;
    exchange.max_body = max_body;
    const milliseconds limit = config_.timeout;
    const auto most = std::max<std::uint64_t>(max_body, body ? body->size() : 0);
    exchange.connect_limit = std::min(limit, kMostConnecting);
    exchange.total_limit = limit + seconds(most / kMebibyte);
    return exchange_.ask(exchange);
}

Put Bucket::put(const std::string& key, std::string_view bytes, const std::string& sha256_hex,
                const std::optional<std::string>& record_head) {
    Watch watch(observer_, Operation::Put);
    auto request = request_for("PUT", key);
    request.payload_sha256 = sha256_hex;
    request.headers = {{"Content-Type", "application/octet-stream"}};
    if (record_head) {
        auto value = encode_base64(*record_head);
        if (value.size() > kMostMetadata) throw std::invalid_argument("record head too long");
        request.headers.emplace_back(kRecordHeader, std::move(value));
    }
    const auto in_doubt = [&](const std::string& why) {
        watch.set(Outcome::InDoubt);
        log::warning("it is not known whether the object store has an object",
                     {{"key", key}, {"error", why}});
        return Put::InDoubt;
    };
    const auto result = ask(request, kMostErrorBytes, bytes);
    if (const auto* failure = std::get_if<net::ExchangeFailure>(&result)) {
        if (failure->sent) return in_doubt(failure->error);
        throw Unavailable("put " + key + ": " + failure->error);
    }
    const auto& answer = std::get<net::ExchangeAnswer>(result);
    if (answer.status >= kFirstServerError) return in_doubt(describe(answer));
    if (answer.status != kOk) throw Unavailable("put " + key + ": " + describe(answer));
    watch.set(Outcome::Done);
    return Put::Stored;
}

std::optional<std::string> Bucket::get(const std::string& key, std::uint64_t max_bytes) {
    std::string bytes;
    const auto append = [&](std::string_view piece) { bytes.append(piece); };
    if (!get_to(key, append, max_bytes)) return std::nullopt;
    return bytes;
}

bool Bucket::get_to(const std::string& key, const std::function<void(std::string_view)>& sink,
                    std::uint64_t max_bytes) {
    Watch watch(observer_, Operation::Get);
    // An error's page may be longer than the object.
    const auto most = std::max(max_bytes, kMostErrorBytes);
    std::uint64_t length = 0;
    const auto counted = [&](std::string_view piece) {
        length += piece.size();
        if (length > max_bytes) throw Unavailable("get " + key + ": more bytes than it may have");
        sink(piece);
    };
    const auto answer = answer_of("get", key, ask(request_for("GET", key), most, {}, counted));
    if (is_missing_object(answer)) {
        watch.set(Outcome::Done);
        return false;
    }
    if (answer.status != kOk) throw Unavailable("get " + key + ": " + describe(answer));
    watch.set(Outcome::Done);
    return true;
}

std::optional<Head> Bucket::head(const std::string& key) {
    Watch watch(observer_, Operation::Head);
    const auto answer = answer_of("head", key, ask(request_for("HEAD", key), kMostErrorBytes));
    if (answer.status == kNotFound) {
        // HEAD's answer has no body that would say what was not found, so this is a GET.
        auto request = request_for("GET", key);
        request.headers = {{"Range", "bytes=0-0"}};
        const auto reason = answer_of("head", key, ask(request, kMostErrorBytes));
        if (!is_missing_object(reason)) throw Unavailable("head " + key + ": " + describe(reason));
        watch.set(Outcome::Done);
        return std::nullopt;
    }
    if (answer.status != kOk) throw Unavailable("head " + key + ": " + describe(answer));
    const auto size = parse_integer(answer.header("content-length").value_or(""));
    if (!size || *size < 0 || !answer.last_modified) {
        throw Unavailable("head " + key + ": it did not say size and time");
    }
    Head head{static_cast<std::uint64_t>(*size), *answer.last_modified, std::nullopt,
              answer.address};
    if (const auto value = answer.header(kRecordHeader)) head.record_head = decode_base64(*value);
    watch.set(Outcome::Done);
    return head;
}

bool Bucket::remove(const std::string& key) {
    Watch watch(observer_, Operation::Remove);
    try {
        const auto answer =
            answer_of("remove", key, ask(request_for("DELETE", key), kMostErrorBytes));
        if (answer.status == kOk || answer.status == kNoContent || is_missing_object(answer)) {
            watch.set(Outcome::Done);
            return true;
        }
        throw Unavailable("remove " + key + ": " + describe(answer));
    } catch (const Unavailable& error) {
        log::warning("an object was not removed", {{"key", key}, {"error", error.what()}});
        return false;
    }
}

Listing Bucket::list(const std::string& prefix, const std::string& after_key, int limit) {
    Watch watch(observer_, Operation::List);
    auto request = request_for("GET", "");
    request.query = {{"list-type", "2"},
                     {"encoding-type", "url"},
                     {"max-keys", std::to_string(limit)},
                     {"prefix", config_.prefix + prefix}};
    if (!after_key.empty()) request.query.emplace_back("start-after", config_.prefix + after_key);
    const auto answer = answer_of("list", prefix, ask(request, kMostListBytes));
    if (answer.status != kOk) throw Unavailable("list " + prefix + ": " + describe(answer));
    auto listing = parse_listing(answer.body);
    if (!listing) throw Unavailable("list " + prefix + ": its answer is no list");
    const auto begin = config_.prefix + prefix;
    const auto* last = &after_key;
    for (auto& object : listing->objects) {
        if (!object.key.starts_with(begin)) {
            throw Unavailable("list " + prefix + ": it has keys that were not asked for");
        }
        object.key.erase(0, config_.prefix.size());
        // Continuing after a key that is out of order could loop for ever or skip objects.
        if (object.key <= *last) throw Unavailable("list " + prefix + ": it is not in order");
        last = &object.key;
    }
    if (listing->is_truncated && listing->objects.empty()) {
        throw Unavailable("list " + prefix + ": a page of nothing, and there is more");
    }
    watch.set(Outcome::Done);
    return std::move(*listing);
}

void Bucket::for_each_page(const std::string& prefix, const SeePage& see) {
    std::string after;
    while (true) {
        const auto page = list(prefix, after);
        if (!see(page, after) || !page.is_truncated) return;
        after = page.objects.back().key;  // list() throws when there is none
    }
}

std::string Bucket::presigned_target(const std::string& key, std::chrono::seconds lifetime,
                                     const std::string& method) const {
    return objects::presigned_target(request_for(method, key), access_key_, now(), lifetime);
}

std::optional<ProxyTarget> Bucket::proxy_target(const std::string& key,
                                                std::chrono::seconds lifetime,
                                                const std::string& method) {
    const auto found = head(key);
    if (!found) return std::nullopt;
    const auto scheme = config_.endpoint.substr(0, config_.endpoint.find("//") + 2);
    const auto name = host_.ends_with(']') ? host_ : host_.substr(0, host_.rfind(':'));
    return ProxyTarget{scheme + found->address + presigned_target(key, lifetime, method), host_,
                       name};
}

}  // namespace coredepot::objects
