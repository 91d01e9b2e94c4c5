#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace coredepot::objects {

/// An access key, and the region and service that it is used for.
struct AccessKey {
    std::string access_key_id;
    std::string secret_access_key;
    std::string region;
    std::string service = "s3";
};

/// Names and values before any encoding.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The parts of an S3 request that a signature covers.
struct SignedRequest {
    std::string method;
    std::string host;  ///< as in the header: without the scheme's default port
    std::string path;  ///< begins with a slash
    Fields query = {};
    Fields headers = {};  ///< in addition to `host`; all of them are signed
    /// The body's SHA-256 as 64 lower-case hex characters, or kUnsignedPayload.
    std::string payload_sha256;
};

constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

/// Signs with AWS Signature Version 4 for S3. Returns `request.headers` and the headers that sign
/// them. The server refuses a request whose moment is more than 15 minutes off, and bytes with
/// another hash.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
Fields signed_headers(const SignedRequest& request, const AccessKey& access_key, Timestamp moment);

/// The signature of `request` alone: 64 hexadecimal digits.
std::string signature(const SignedRequest& request, const AccessKey& access_key, Timestamp moment);

/// Path and query with which anybody may make this one request within `lifetime` (at most seven
/// days). The payload is not signed.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
std::string presigned_target(SignedRequest request, const AccessKey& access_key, Timestamp moment,
                             std::chrono::seconds lifetime);

/// Path and query as they are sent, which is also the signed form.
std::string target_of(const SignedRequest& request);

}  // namespace coredepot::objects
