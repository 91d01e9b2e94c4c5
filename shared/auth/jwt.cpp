#include "auth/jwt.hpp"

#include <array>

#include "auth/identity.hpp"
#include "text/base64.hpp"

namespace coredepot::auth {
namespace {

/// `crit` names extensions that must be understood, and we have none. The others are keys or say
/// where to get them, and a token must not choose the key that checks it.
constexpr std::array kRefusedHeaders = {"crit", "jwk", "jku", "x5u", "x5c", "b64"};

using Segments = std::array<std::string_view, 3>;

Segments split(std::string_view token) {
    Segments segments;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool last = i + 1 == segments.size();
        const auto end = last ? token.size() : token.find('.');
        if (end == std::string_view::npos) throw InvalidToken("the token has too few segments");
        segments[i] = token.substr(0, end);
        token.remove_prefix(last ? end : end + 1);
    }
    if (segments.back().find('.') != std::string_view::npos) {
        throw InvalidToken("the token has too many segments");
    }
    return segments;
}

std::string decode(std::string_view segment, const std::string& what) {
    auto decoded = decode_base64url(segment);
    if (!decoded || decoded->empty())
        throw InvalidToken("the token's " + what + " is not base64url");
    return std::move(*decoded);
}

json::Object read_object(std::string_view segment, const std::string& what) {
    auto object = json::Object::parse(decode(segment, what));
    if (!object) throw InvalidToken("the token's " + what + " is not a JSON object");
    if (object->has_duplicates()) {
        throw InvalidToken("the token's " + what + " has a member twice");
    }
    return std::move(*object);
}

Algorithm read_algorithm(const json::Object& header) {
    const auto name = header.string("alg");
    const auto algorithm = name ? parse_algorithm(*name) : std::nullopt;
    if (!algorithm) throw InvalidToken("the token's algorithm is not accepted");
    return *algorithm;
}

std::optional<std::string> read_key_id(const json::Object& header) {
    auto key_id = header.string("kid");
    if (!key_id && header.has("kid")) throw InvalidToken("the token's kid is not a string");
    return key_id;
}

/// R and S have 32 bytes each (RFC 7518, section 3.4). An RSA signature is as long as its key.
void check_signature_length(Algorithm algorithm, const std::string& signature) {
    constexpr std::size_t kEs256Bytes = 64;
    if (algorithm == Algorithm::ES256 && signature.size() != kEs256Bytes) {
        throw InvalidToken("the token's signature has the wrong length for its algorithm");
    }
}

}  // namespace

Jwt Jwt::parse(std::string_view token) {
    const auto [header_segment, claims_segment, signature_segment] = split(token);
    const auto header = read_object(header_segment, "header");
    for (const auto* refused : kRefusedHeaders) {
        if (header.has(refused)) {
            throw InvalidToken(std::string("the token's header has the parameter ") + refused);
        }
    }
    const auto algorithm = read_algorithm(header);
    check_signature_length(algorithm, decode(signature_segment, "signature"));
    return {algorithm, read_key_id(header), read_object(claims_segment, "payload")};
}

bool is_signed_with(const PublicKey& key, Algorithm algorithm, std::string_view token) {
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto signature = decode_base64url(token.substr(dot + 1));
    return signature && key.verifies(algorithm, token.substr(0, dot), *signature);
}

}  // namespace coredepot::auth
