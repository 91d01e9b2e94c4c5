#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "config.hpp"
#include "domain/time.hpp"
#include "net/exchange.hpp"
#include "objects/answer_xml.hpp"
#include "objects/request_signature.hpp"

namespace coredepot::objects {

/// The store gave no useful answer. The text is for the log: it names the operation, the key and
/// the store's answer, but no secret.
class Unavailable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The outcome of putting an object.
enum class Put : std::uint8_t {
    Stored,   ///< as durable as the store is
    InDoubt,  ///< all of it was sent, but no answer came: the object may be there, or still appear
};

/// What we know about an object without its bytes.
struct Head {
    std::uint64_t size = 0;  ///< bytes
    Timestamp last_modified;
    std::optional<std::string> record_head;  ///< as it was given to put()
    std::string address;                     ///< the store's IP address and port
};

/// Where and how a proxy can ask the store for an object.
struct ProxyTarget {
    std::string url;   ///< with an IP address, so that the proxy need not look up a name
    std::string host;  ///< for the header Host
    std::string name;  ///< the name in the store's certificate
};

enum class Operation : std::uint8_t { Put, Get, Head, List, Remove };
/// `put`, `get`, …, as in metrics and in the log.
constexpr std::string_view to_string(Operation operation) {
    switch (operation) {
        case Operation::Put:
            return "put";
        case Operation::Get:
            return "get";
        case Operation::Head:
            return "head";
        case Operation::List:
            return "list";
        case Operation::Remove:
            return "remove";
    }
    return "";
}

enum class Outcome : std::uint8_t { Done, Failed, InDoubt };

/// Called after each request to the store.
using Observer = std::function<void(Operation, Outcome, std::chrono::microseconds)>;

/// A bucket of an object store that speaks S3, with the bucket's name in the URL's path. Keys are
/// relative to S3_PREFIX. Each call blocks for up to S3_TIMEOUT_SECONDS plus a second per mebibyte,
/// and tries once. Not thread-safe.
class Bucket {
  public:
    explicit Bucket(const S3Config& config, Observer observer = nullptr);

    /// Puts all of `bytes`; the store checks their SHA-256 before it confirms. `record_head` (see
    /// storage/spool_record.hpp) is stored with them. Throws Unavailable when the object is
    /// certainly not there and will not appear.
    Put put(const std::string& key, std::string_view bytes, const std::string& sha256_hex,
            const std::optional<std::string>& record_head = std::nullopt);

    /// Empty when there is no such object. Throws Unavailable, also when it has more than
    /// `max_bytes`.
    std::optional<std::string> get(const std::string& key, std::uint64_t max_bytes);
    /// The same for objects too large for memory; false when there is no such object. If it throws,
    /// `sink` may already have had part of the bytes.
    bool get_to(const std::string& key, const std::function<void(std::string_view)>& sink,
                std::uint64_t max_bytes);

    /// Empty when there is no such object. Throws Unavailable, also when the bucket is missing.
    std::optional<Head> head(const std::string& key);

    /// True when the object is gone or was never there. False when the store did not confirm that,
    /// which is logged.
    bool remove(const std::string& key);

    /// Objects whose keys begin with `prefix` and come after `after_key`: at most `limit` (1 to
    /// 1,000). Keys are compared as bytes. Throws Unavailable.
    Listing list(const std::string& prefix, const std::string& after_key = "",
                 int limit = kMostListed);
    static constexpr int kMostListed = 1000;  ///< S3's limit

    /// Gets a page and the key that the page follows, "" for the first one. Returns false to stop.
    using SeePage = std::function<bool(const Listing& page, const std::string& after)>;
    /// Shows every page, also the last one, which may be empty. Throws Unavailable, and what `see`
    /// throws.
    void for_each_page(const std::string& prefix, const SeePage& see);

    /// Path and query with which a proxy may ask the store for this object with `method` (GET or
    /// HEAD), any number of times within `lifetime`. The proxy must send host() as Host.
    std::string presigned_target(const std::string& key, std::chrono::seconds lifetime,
                                 const std::string& method = "GET") const;
    /// The same for an existing object, at the address of the server that answered; empty when
    /// there is no such object. Throws Unavailable.
    std::optional<ProxyTarget> proxy_target(const std::string& key, std::chrono::seconds lifetime,
                                            const std::string& method);
    /// `store.example:7480`, as in the header Host: without the scheme's default port.
    const std::string& host() const { return host_; }

  private:
    net::ExchangeResult ask(const SignedRequest& request, std::uint64_t max_body,
                            std::optional<std::string_view> body = std::nullopt,
                            const std::function<void(std::string_view)>& sink = nullptr);
    SignedRequest request_for(const std::string& method, const std::string& key) const;

    S3Config config_;
    AccessKey access_key_;
    std::string host_;
    Observer observer_;
    net::Exchange exchange_;
};

}  // namespace coredepot::objects
