#include "auth/jwt.hpp"

#include <gtest/gtest.h>

#include "auth/identity.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using namespace std::string_literals;
using test::base64url;

constexpr const char* kGoodHeader = R"({"alg":"RS256","kid":"k"})";

/// Nobody looks at the signature here, but for its form.
std::string token(std::string_view header, std::string_view payload = "{}",
                  const std::string& signature = "c2ln") {
    return base64url(header) + '.' + base64url(payload) + '.' + signature;
}

/// Why the token is refused; empty when it is not.
std::string refusal(const std::string& token) {
    try {
        Jwt::parse(token);
    } catch (const InvalidToken& refused) {
        return refused.what();
    }
    return "";
}

TEST(Jwt, IsTakenApart) {
    const auto jwt = Jwt::parse(token(kGoodHeader, R"({"iss":"x"})"));
    EXPECT_EQ(jwt.algorithm, Algorithm::RS256);
    EXPECT_EQ(jwt.key_id, "k");
    EXPECT_EQ(jwt.claims.string("iss"), "x");
    EXPECT_FALSE(Jwt::parse(token(R"({"alg":"RS512"})")).key_id);
}

TEST(Jwt, TheFourAlgorithmsAndNoOther) {
    const auto with = [](const std::string& algorithm) {
        return refusal(token(R"({"alg":)" + algorithm + "}", "{}", std::string(86, 'A')));
    };
    for (const auto* good : {"RS256", "RS384", "RS512", "ES256"}) {
        EXPECT_EQ(with(test::quote(good)), "") << good;
    }
    for (const auto* bad : {"none",  "None",  "NONE",  "nOnE",   "",         "HS256", "HS384",
                            "HS512", "PS256", "PS384", "PS512",  "ES384",    "ES512", "ES256K",
                            "EdDSA", "RS1",   "rs256", "RS256 ", "RSA-OAEP", "dir"}) {
        EXPECT_EQ(with(test::quote(bad)), "the token's algorithm is not accepted") << bad;
    }
    for (const auto* bad : {"null", "17", "[\"RS256\"]", "{\"RS256\":1}", "true"}) {
        EXPECT_EQ(with(bad), "the token's algorithm is not accepted") << bad;
    }
    EXPECT_EQ(refusal(token("{}")), "the token's algorithm is not accepted");
}

TEST(Jwt, AHeaderThatBringsAKeyOrWantsMore) {
    for (const auto* name : {"crit", "jwk", "jku", "x5u", "x5c", "b64"}) {
        for (const auto* value : {"null", "[]", "\"https://evil.example\"", "{}"}) {
            EXPECT_EQ(refusal(token(R"({"alg":"RS256",")"s + name + "\":" + value + "}")),
                      "the token's header has the parameter "s + name);
        }
    }
    EXPECT_EQ(refusal(token(R"({"alg":"RS256","typ":"at+jwt","x5t":"abc","custom":1})")), "");
}

TEST(Jwt, KidIsAString) {
    for (const auto* bad : {"null", "1", "[\"k\"]", "{}"}) {
        EXPECT_EQ(refusal(token(R"({"alg":"RS256","kid":)"s + bad + "}")),
                  "the token's kid is not a string");
    }
}

TEST(Jwt, ThreeSegments) {
    for (const auto* text : {"", "a", "e30", ".", "e30.e30"}) {
        EXPECT_EQ(refusal(text), "the token has too few segments") << text;
    }
    EXPECT_EQ(refusal(token(kGoodHeader) + ".c2ln"), "the token has too many segments");
    EXPECT_EQ(refusal(token(kGoodHeader) + "."), "the token has too many segments");
    EXPECT_EQ(refusal(token(kGoodHeader) + ".c2ln.c2ln"), "the token has too many segments");
}

TEST(Jwt, NoSegmentIsEmpty) {
    EXPECT_EQ(refusal(".."), "the token's header is not base64url");
    EXPECT_EQ(refusal("." + base64url("{}") + ".c2ln"), "the token's header is not base64url");
    EXPECT_EQ(refusal(base64url(kGoodHeader) + "..c2ln"), "the token's payload is not base64url");
    EXPECT_EQ(refusal(token(kGoodHeader, "{}", "")), "the token's signature is not base64url");
}

TEST(Jwt, Base64UrlAndNothingElse) {
    // A length that cannot be; padding; the other alphabet; left-over bits; white space; NUL.
    for (const auto& bad : {"A"s, "AAAAA"s, "QQ=="s, "Q==="s, "ab+/"s, "QR"s, "QUJ"s + "\n"s,
                            "a b0"s, "QUI\0"s, "\xff\xff\xff\xff"s}) {
        EXPECT_EQ(refusal(token(kGoodHeader, "{}", bad)), "the token's signature is not base64url")
            << bad;
        EXPECT_EQ(refusal(bad + "." + base64url("{}") + ".c2ln"),
                  "the token's header is not base64url")
            << bad;
    }
}

TEST(Jwt, HeaderAndPayloadAreObjectsWithoutRepeats) {
    for (const auto& bad :
         {"[]"s, "1"s, "null"s, "\"x\""s, "{"s, "{}{}"s, "{}\0"s, "{\"a\":\"\xff\"}"s}) {
        EXPECT_EQ(refusal(token(bad)), "the token's header is not a JSON object") << bad;
        EXPECT_EQ(refusal(token(kGoodHeader, bad)), "the token's payload is not a JSON object")
            << bad;
    }
    EXPECT_EQ(refusal(token(R"({"alg":"none","alg":"RS256"})")),
              "the token's header has a member twice");
    EXPECT_EQ(refusal(token(kGoodHeader, R"({"azp":"a","azp":"b"})")),
              "the token's payload has a member twice");
    EXPECT_EQ(refusal(token(kGoodHeader, R"({"realm_access":{"roles":[],"roles":["admin"]}})")),
              "the token's payload has a member twice");
}

TEST(Jwt, ASignatureOfES256Has64Bytes) {
    const std::string es256 = R"({"alg":"ES256"})";
    EXPECT_EQ(refusal(token(es256, "{}", base64url(std::string(64, '\1')))), "");
    for (const std::size_t length : {1U, 63U, 65U, 70U, 72U, 128U}) {
        EXPECT_EQ(refusal(token(es256, "{}", base64url(std::string(length, '\1')))),
                  "the token's signature has the wrong length for its algorithm");
    }
}

TEST(Jwt, DeepNestingUsesNoStack) {
    EXPECT_EQ(refusal(token(kGoodHeader, "{\"a\":" + std::string(100'000, '[') +
                                             std::string(100'000, ']') + "}")),
              "");
}

}  // namespace
}  // namespace coredepot::auth
