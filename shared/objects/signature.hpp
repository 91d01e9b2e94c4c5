#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace coredepot::objects {

/// Whose requests they are, and where they are good.
struct Credentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string region;
    std::string service = "s3";
};

/// Names and values as they are meant; nothing in them is encoded yet.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The parts of an S3 request that a signature covers.
struct SignedRequest {
    std::string method;
    std::string host;  ///< as the header says it: without the scheme's own port
    std::string path;  ///< begins with a slash
    Fields query = {};
    Fields headers = {};  ///< beside `host`; all of them are signed
    /// Of the body: 64 lower-case hex characters, or kUnsignedPayload.
    std::string payload_sha256;
};

constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

/// AWS Signature Version 4 for S3: `request.headers` and those that sign them. The server refuses
/// a request that is not from about this moment (15 minutes), and bytes of another hash.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
Fields signed_headers(const SignedRequest& request, const Credentials& credentials,
                      Timestamp moment);

/// 64 hexadecimal digits: of `request` as it is, with nothing added.
std::string signature(const SignedRequest& request, const Credentials& credentials,
                      Timestamp moment);

/// Path and query with which anybody may make this one request for as long as `lifetime`, of at
/// most seven days. The payload is not covered.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
std::string presigned_target(SignedRequest request, const Credentials& credentials,
                             Timestamp moment, std::chrono::seconds lifetime);

/// Path and query as they are sent, which is as they are signed.
std::string target_of(const SignedRequest& request);

}  // namespace coredepot::objects
