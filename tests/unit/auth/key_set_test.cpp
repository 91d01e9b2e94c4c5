#include "auth/key_set.hpp"

#include <gtest/gtest.h>

#include "auth/jwt.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using test::Members;
using test::SigningKey;

KeySet parse(std::initializer_list<std::string> keys) {
    auto set = KeySet::parse(test::jwks(keys));
    if (!set) throw std::runtime_error("no key of use");
    return std::move(*set);
}

bool is_used(const SigningKey& key, const Members& members = {}) {
    return KeySet::parse(test::jwks({key.jwk(members)}))->size() == 1;
}

TEST(KeySet, FindsByNameAndAlgorithm) {
    const auto set = parse({test::rsa_key().jwk(), test::ec_key().jwk()});
    EXPECT_TRUE(set.has("rsa"));
    EXPECT_TRUE(set.has("ec"));
    EXPECT_FALSE(set.has("RSA"));
    for (const auto algorithm : {Algorithm::RS256, Algorithm::RS384, Algorithm::RS512}) {
        EXPECT_NE(set.find("rsa", algorithm), nullptr);
        EXPECT_EQ(set.find("ec", algorithm), nullptr);
    }
    EXPECT_NE(set.find("ec", Algorithm::ES256), nullptr);
    EXPECT_EQ(set.find("rsa", Algorithm::ES256), nullptr);
    EXPECT_EQ(set.find("other", Algorithm::RS256), nullptr);
    EXPECT_EQ(set.find("", Algorithm::RS256), nullptr);
}

TEST(KeySet, ATokenNeedNotNameTheOnlyKey) {
    const auto one = parse({test::rsa_key().jwk({{"kid", ""}})});
    EXPECT_NE(one.find(std::nullopt, Algorithm::RS256), nullptr);
    EXPECT_EQ(one.find(std::nullopt, Algorithm::ES256), nullptr);
    EXPECT_EQ(one.find("rsa", Algorithm::RS256), nullptr);
    const auto two = parse({test::rsa_key().jwk(), test::ec_key().jwk()});
    EXPECT_EQ(two.find(std::nullopt, Algorithm::RS256), nullptr);
    EXPECT_EQ(two.find(std::nullopt, Algorithm::ES256), nullptr);
}

TEST(KeySet, KeysOfOneNameAreToldApartByTheirType) {
    const auto set =
        parse({test::rsa_key().jwk({{"kid", "\"k\""}}), test::ec_key().jwk({{"kid", "\"k\""}})});
    EXPECT_NE(set.find("k", Algorithm::RS256), nullptr);
    EXPECT_NE(set.find("k", Algorithm::ES256), nullptr);
    EXPECT_NE(set.find("k", Algorithm::RS256), set.find("k", Algorithm::ES256));
}

TEST(KeySet, AKeyMayBeForOneAlgorithmOnly) {
    const auto set = parse({test::rsa_key().jwk({{"alg", "\"RS384\""}})});
    EXPECT_NE(set.find("rsa", Algorithm::RS384), nullptr);
    EXPECT_EQ(set.find("rsa", Algorithm::RS256), nullptr);
    for (const auto* other : {"\"ES256\"", "\"HS256\"", "\"RSA-OAEP\"", "\"none\"", "1", "null"}) {
        EXPECT_FALSE(is_used(test::rsa_key(), {{"alg", other}})) << other;
    }
}

TEST(KeySet, KeysForEncryptionAreLeftOut) {
    EXPECT_TRUE(is_used(test::rsa_key(), {{"use", ""}}));
    EXPECT_TRUE(is_used(test::rsa_key(), {{"use", ""}, {"key_ops", R"(["verify"])"}}));
    for (const auto* use : {"\"enc\"", "\"\"", "\"SIG\"", "null", "1"}) {
        EXPECT_FALSE(is_used(test::rsa_key(), {{"use", use}})) << use;
    }
    for (const auto* operations : {R"(["encrypt"])", "[]", R"("verify")", "null"}) {
        EXPECT_FALSE(is_used(test::rsa_key(), {{"key_ops", operations}})) << operations;
    }
}

TEST(KeySet, WeakRsaKeysAreLeftOut) {
    EXPECT_FALSE(is_used(SigningKey::rsa("weak", 1024)));
    EXPECT_FALSE(is_used(SigningKey::rsa("weak", 2047)));
    EXPECT_TRUE(is_used(SigningKey::rsa("strong", 3072)));
    const auto set = parse({SigningKey::rsa("weak", 1024).jwk(), test::rsa_key().jwk()});
    EXPECT_FALSE(set.has("weak"));
    EXPECT_TRUE(set.has("rsa"));
    // What is left is the only one.
    EXPECT_NE(set.find(std::nullopt, Algorithm::RS256), nullptr);
}

TEST(KeySet, ExponentsThatSignEverything) {
    for (const auto* exponent :
         {"\"AQ\"", "\"AA\"", "\"\"", "\"Ag\"", "\"AAE\"", "\"AQAB=\"", "3"}) {
        EXPECT_FALSE(is_used(test::rsa_key(), {{"e", exponent}})) << exponent;
    }
    EXPECT_TRUE(is_used(test::rsa_key(), {{"e", "\"Aw\""}}));
}

TEST(KeySet, PointsThatAreOnNoCurve) {
    const auto zeros = test::quote(test::base64url(std::string(32, '\0')));
    EXPECT_FALSE(is_used(test::ec_key(), {{"x", zeros}}));
    EXPECT_FALSE(is_used(test::ec_key(), {{"x", zeros}, {"y", zeros}}));
    EXPECT_FALSE(is_used(test::ec_key(), {{"y", test::quote(test::base64url("short"))}}));
    EXPECT_FALSE(is_used(test::ec_key(), {{"x", ""}}));
}

TEST(KeySet, OtherTypesAndCurvesAreLeftOut) {
    EXPECT_FALSE(is_used(SigningKey::ec("p384", "P-384")));
    EXPECT_FALSE(is_used(SigningKey::ec("p521", "P-521")));
    EXPECT_FALSE(is_used(test::ec_key(), {{"crv", "\"P-384\""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"kty", "\"oct\""}, {"k", "\"c2VjcmV0\""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"kty", "\"OKP\""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"kty", "\"rsa\""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"kty", ""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"n", ""}}));
    EXPECT_FALSE(is_used(test::rsa_key(), {{"kid", "17"}}));
}

TEST(KeySet, WhatIsNoJwksHasNoKeys) {
    const auto key = test::rsa_key().jwk();
    for (const auto& text :
         {std::string(), std::string("[]"), std::string("{}"), std::string("<html>"), key,
          R"({"keys": {}})" + std::string(), R"({"keys": null})" + std::string(),
          test::jwks({key, "1"}), R"({"keys": [], "keys": [)" + key + "]}",
          test::jwks({key.substr(0, key.size() - 1) + R"(,"kty":"RSA"})"})}) {
        EXPECT_FALSE(KeySet::parse(text)) << text;
    }
}

TEST(KeySet, AnEmptyOneIsOne) {
    EXPECT_EQ(KeySet::parse(test::jwks({}))->size(), 0U);
    EXPECT_EQ(KeySet::parse(test::jwks({"{}"}))->size(), 0U);
}

TEST(KeySet, NotMoreThanAHundredKeys) {
    std::string keys = test::rsa_key().jwk();
    for (int i = 0; i < 100; ++i) keys += "," + test::rsa_key().jwk();
    EXPECT_FALSE(KeySet::parse("{\"keys\":[" + keys + "]}"));
}

TEST(KeySet, KeysVerify) {
    const auto set = parse({test::rsa_key().jwk(), test::ec_key().jwk()});
    const auto check = [&](const SigningKey& key, const char* name, Algorithm algorithm) {
        const auto token = test::signed_token(key, name, R"({"a":1})");
        const auto* found = set.find(key.id(), algorithm);
        ASSERT_NE(found, nullptr);
        EXPECT_TRUE(is_signed_with(*found, algorithm, token)) << name;
        for (std::size_t position = 0; position < token.size(); position += 5) {
            auto changed = token;
            changed[position] = changed[position] == 'x' ? 'y' : 'x';
            EXPECT_FALSE(is_signed_with(*found, algorithm, changed)) << name << ' ' << position;
        }
        const auto text = token.substr(0, token.rfind('.'));
        EXPECT_FALSE(is_signed_with(*found, algorithm, text));
        for (const auto& signature : {std::string(), std::string(63, 's'), std::string(64, '\0'),
                                      std::string(64, '\xff'), std::string(256, 's')}) {
            EXPECT_FALSE(found->verifies(algorithm, text, signature)) << name;
        }
        for (const auto another :
             {Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256}) {
            EXPECT_EQ(is_signed_with(*found, another, token), another == algorithm) << name;
        }
    };
    check(test::rsa_key(), "RS256", Algorithm::RS256);
    check(test::rsa_key(), "RS384", Algorithm::RS384);
    check(test::rsa_key(), "RS512", Algorithm::RS512);
    check(test::ec_key(), "ES256", Algorithm::ES256);
}

}  // namespace
}  // namespace coredepot::auth
