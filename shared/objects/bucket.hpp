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
#include "objects/signature.hpp"

namespace coredepot::objects {

/// The store gave no answer that is of use. The text is for the log: it names the operation, the
/// key and what the store said, and no secret.
class Unavailable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// What became of an object that was put.
enum class Put : std::uint8_t {
    Stored,   ///< as durable as the store is
    InDoubt,  ///< it may be there, or come to be there yet: no answer after all of it was sent
};

/// What is known of an object without its bytes.
struct Head {
    std::uint64_t size = 0;  ///< bytes
    Timestamp last_modified;
    std::optional<std::string> record_head;  ///< that it was put with
    std::string address;                     ///< of the store: an IP address and a port
};

/// With which a proxy asks the store for an object.
struct ProxyTarget {
    std::string url;   ///< with an IP address: a proxy need not look names up
    std::string host;  ///< for the header Host
    std::string name;  ///< that the store's certificate is for
};

enum class Operation : std::uint8_t { Put, Get, Head, List, Remove };
/// `put`, `get`, …: as metrics and the log write them.
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

/// Told of each request to the store.
using Observer = std::function<void(Operation, Outcome, std::chrono::microseconds)>;

/// A bucket of an object store that speaks S3, in the form with the bucket in the path. Keys are
/// those below S3_PREFIX. Each call blocks, for as long as S3_TIMEOUT_SECONDS and a second for each
/// mebibyte, and is tried once. Not for two threads at once.
class Bucket {
  public:
    explicit Bucket(const S3Config& config, Observer observer = nullptr);

    /// Puts all of `bytes`, whose SHA-256 the store compares before it says yes. `record_head` (see
    /// storage/spool_record.hpp) stays with them. Throws Unavailable when nothing is there now and
    /// nothing will come of it.
    Put put(const std::string& key, std::string_view bytes, const std::string& sha256_hex,
            const std::optional<std::string>& record_head = std::nullopt);

    /// Empty: there is no such object. Throws Unavailable, and so when it has more than
    /// `max_bytes`.
    std::optional<std::string> get(const std::string& key, std::uint64_t max_bytes);
    /// The same for what is too long for memory; false: there is no such object. After an exception
    /// `sink` may have had some of the bytes.
    bool get_to(const std::string& key, const std::function<void(std::string_view)>& sink,
                std::uint64_t max_bytes);

    /// Empty: there is no such object; a bucket that is missing is not that. Throws Unavailable.
    std::optional<Head> head(const std::string& key);

    /// Whether it is gone, if it was ever there; false: the store did not say so, which is logged.
    bool remove(const std::string& key);

    /// Objects whose keys begin with `prefix` and come after `after_key`, of which at most `limit`
    /// (1 to 1,000). Keys are compared as bytes. Throws Unavailable.
    Listing list(const std::string& prefix, const std::string& after_key = "",
                 int limit = kMostListed);
    static constexpr int kMostListed = 1000;  ///< of S3

    /// A page, and the key that it comes behind, "" of the first one. False: that is enough.
    using SeePage = std::function<bool(const Listing& page, const std::string& after)>;
    /// Shows all of them, the last page too, which may be empty. Throws Unavailable, and what `see`
    /// throws.
    void for_each_page(const std::string& prefix, const SeePage& see);

    /// Path and query with which a proxy may ask the store for this object, once or several times
    /// within `lifetime`, with `method` (GET or HEAD). It must send host() as Host.
    std::string presigned_target(const std::string& key, std::chrono::seconds lifetime,
                                 const std::string& method = "GET") const;
    /// The same for an object that is there, at the address that answered; empty: it is not. Throws
    /// Unavailable.
    std::optional<ProxyTarget> proxy_target(const std::string& key, std::chrono::seconds lifetime,
                                            const std::string& method);
    /// `store.example:7480`: as Host has it, without the scheme's own port.
    const std::string& host() const { return host_; }

  private:
    net::ExchangeResult ask(const SignedRequest& request, std::uint64_t max_body,
                            std::optional<std::string_view> body = std::nullopt,
                            const std::function<void(std::string_view)>& sink = nullptr);
    SignedRequest request_for(const std::string& method, const std::string& key) const;

    S3Config config_;
    Credentials credentials_;
    std::string host_;
    Observer observer_;
    net::Exchange exchange_;
};

}  // namespace coredepot::objects
