#include "objects/request_signature.hpp"

#include <algorithm>

#include "hmac.hpp"
#include "sha256.hpp"
#include "text/ascii.hpp"
#include "text/hex.hpp"
#include "text/url.hpp"

namespace coredepot::objects {
namespace {

constexpr const char* kAlgorithm = "AWS4-HMAC-SHA256";
constexpr const char* kEnd = "aws4_request";

/// `20130524T000000Z`
std::string stamp_of(Timestamp moment) {
    constexpr std::size_t kSeconds = 15;  // to_compact() continues with microseconds
    return to_compact(moment).substr(0, kSeconds) + 'Z';
}

std::string day_of(const std::string& stamp) {
    return stamp.substr(0, stamp.find('T'));
}

/// S3 encodes a path once and does not encode its slashes.
std::string encoded_path(const std::string& path) {
    return percent_encoded(path, "/");
}

/// Sorted by encoded name, then by value. A parameter without a value keeps its `=`.
std::string encoded_query(const Fields& query) {
    std::vector<std::pair<std::string, std::string>> encoded;
    encoded.reserve(query.size());
    for (const auto& [name, value] : query) {
        encoded.emplace_back(percent_encoded(name), percent_encoded(value));
    }
    std::ranges::sort(encoded);
    std::string joined;
    for (const auto& [name, value] : encoded) {
        joined.append(joined.empty() ? "" : "&").append(name).append("=").append(value);
    }
    return joined;
}

/// Removes spaces at the ends, and turns several spaces in a row into one.
std::string folded(std::string_view value) {
    std::string result;
    for (const char c : value) {
        if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
    }
    if (result.ends_with(' ')) result.pop_back();
    return result;
}

/// Headers in the form that is signed: names in lower case and sorted by name alone, so that
/// `x-amz-meta` always comes before `x-amz-meta-record`. Values of the same name are joined.
struct CanonicalHeaders {
    std::string lines;  ///< `name:value␊` each
    std::string names;  ///< `host;range;…`
};

CanonicalHeaders canonical_headers(const SignedRequest& request) {
    Fields headers{{"host", folded(request.host)}};
    for (const auto& [name, value] : request.headers) {
        headers.emplace_back(ascii_lower(name), folded(value));
    }
    std::ranges::stable_sort(headers, {}, &Fields::value_type::first);
    CanonicalHeaders result;
    std::string last;
    for (const auto& [name, value] : headers) {
        if (name == last) {
            result.lines.back() = ',';
            result.lines += value + '\n';
            continue;
        }
        result.lines.append(name).append(":").append(value).append("\n");
        result.names.append(result.names.empty() ? "" : ";").append(name);
        last = name;
    }
    return result;
}

std::string scope_of(const std::string& stamp, const AccessKey& access_key) {
    return day_of(stamp) + '/' + access_key.region + '/' + access_key.service + '/' + kEnd;
}

std::string signature_of(const SignedRequest& request, const CanonicalHeaders& headers,
                         const AccessKey& access_key, const std::string& stamp) {
    const auto canonical = request.method + '\n' + encoded_path(request.path) + '\n' +
                           encoded_query(request.query) + '\n' + headers.lines + '\n' +
                           headers.names + '\n' + request.payload_sha256;
    const auto to_sign = std::string(kAlgorithm) + '\n' + stamp + '\n' +
                         scope_of(stamp, access_key) + '\n' + sha256_hex(canonical);
    auto key = "AWS4" + access_key.secret_access_key;
    for (const auto& part :
         {day_of(stamp), access_key.region, access_key.service, std::string(kEnd), to_sign}) {
        key = hmac_sha256(key, part);
    }
    return to_hex(key);
}

}  // namespace

std::string signature(const SignedRequest& request, const AccessKey& access_key, Timestamp moment) {
    return signature_of(request, canonical_headers(request), access_key, stamp_of(moment));
}

Fields signed_headers(const SignedRequest& request, const AccessKey& access_key, Timestamp moment) {
    const auto stamp = stamp_of(moment);
    auto whole = request;
    whole.headers.emplace_back("x-amz-content-sha256", request.payload_sha256);
    whole.headers.emplace_back("x-amz-date", stamp);
    const auto canonical = canonical_headers(whole);
    whole.headers.emplace_back(
        "Authorization", std::string(kAlgorithm) + " Credential=" + access_key.access_key_id + '/' +
                             scope_of(stamp, access_key) + ",SignedHeaders=" + canonical.names +
                             ",Signature=" + signature_of(whole, canonical, access_key, stamp));
    return whole.headers;
}

std::string presigned_target(SignedRequest request, const AccessKey& access_key, Timestamp moment,
                             std::chrono::seconds lifetime) {
    const auto stamp = stamp_of(moment);
    const auto canonical = canonical_headers(request);
    request.payload_sha256 = kUnsignedPayload;
    request.query.insert(
        request.query.end(),
        {{"X-Amz-Algorithm", kAlgorithm},
         {"X-Amz-Credential", access_key.access_key_id + '/' + scope_of(stamp, access_key)},
         {"X-Amz-Date", stamp},
         {"X-Amz-Expires", std::to_string(lifetime.count())},
         {"X-Amz-SignedHeaders", canonical.names}});
    const auto signature = signature_of(request, canonical, access_key, stamp);
    return target_of(request) + "&X-Amz-Signature=" + signature;
}

std::string target_of(const SignedRequest& request) {
    auto target = encoded_path(request.path);
    if (!request.query.empty()) target += '?' + encoded_query(request.query);
    return target;
}

}  // namespace coredepot::objects
