// Tokens: which are good, and whose they are.

#include "token_authenticator_test.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;
using test::FakeIssuer;
using test::Members;
using test::quote;
using test::SigningKey;

TEST_F(Tokens, AreGoodWithEachAlgorithm) {
    for (const auto* algorithm : {"RS256", "RS384", "RS512"}) {
        EXPECT_EQ(refusal(test::signed_token(test::rsa_key(), algorithm, payload({}))), "")
            << algorithm;
    }
    EXPECT_EQ(refusal(test::signed_token(test::ec_key(), "ES256", payload({}))), "");
}

TEST_F(Tokens, NameTheDeviceWhateverTheQuerySays) {
    const auto device = authenticate(token()).device;
    EXPECT_EQ(device.key, "abcd1234");
    EXPECT_EQ(device.model_code, ModelCode::trusted("thermostat"));
}

TEST_F(Tokens, UnsignedOnesAreRefused) {
    const auto header = test::base64url(R"({"alg":"none"})");
    const auto body = test::base64url(payload({}));
    EXPECT_NE(refusal(header + "." + body + "."), "");
    EXPECT_EQ(refusal(header + "." + body + ".c2ln"), "the token's algorithm is not accepted");
    const auto good = token();
    EXPECT_NE(refusal(good.substr(0, good.rfind('.') + 1)), "");
    EXPECT_NE(refusal(good.substr(0, good.rfind('.'))), "");
}

TEST_F(Tokens, APublicKeyIsNoSecret) {
    for (const auto& secret : {test::rsa_key().pem(), test::rsa_key().jwk(), std::string()}) {
        EXPECT_EQ(refusal(test::mac_token(secret, R"({"alg":"HS256","kid":"rsa"})", payload({}))),
                  "the token's algorithm is not accepted");
        EXPECT_EQ(refusal(test::mac_token(secret, R"({"alg":"RS256","kid":"rsa"})", payload({}))),
                  "the token's signature is not good");
    }
}

TEST_F(Tokens, TheAlgorithmFitsTheKeysType) {
    const auto mixed = [&](const SigningKey& key, const char* algorithm, const char* key_id) {
        return refusal(test::signed_token(
            key, algorithm, test::to_json({{"alg", quote(algorithm)}, {"kid", quote(key_id)}}),
            payload({})));
    };
    EXPECT_EQ(mixed(test::ec_key(), "ES256", "rsa"), "no key of the issuer's fits the token");
    EXPECT_EQ(mixed(test::rsa_key(), "RS256", "ec"), "no key of the issuer's fits the token");
    EXPECT_EQ(mixed(test::ec_key(), "RS256", "rsa"), "the token's signature is not good");
    EXPECT_EQ(mixed(test::rsa_key(), "ES256", "ec"),
              "the token's signature has the wrong length for its algorithm");
    // Signed with another hash than it says.
    const auto input =
        test::base64url(R"({"alg":"RS512","kid":"rsa"})") + "." + test::base64url(payload({}));
    EXPECT_EQ(refusal(input + "." + test::base64url(test::rsa_key().sign("RS256", input))),
              "the token's signature is not good");
}

TEST_F(Tokens, SomebodyElsesSignatureIsNotGood) {
    EXPECT_EQ(refusal(test::signed_token(SigningKey::rsa("rsa"), "RS256", payload({}))),
              "the token's signature is not good");
    EXPECT_EQ(refusal(test::signed_token(SigningKey::ec("ec"), "ES256", payload({}))),
              "the token's signature is not good");
    const auto one = token();
    const auto other = token({{"azp", quote("iotdevice-thermostat-zzzzzzzz")}});
    EXPECT_EQ(refusal(other.substr(0, other.rfind('.')) + one.substr(one.rfind('.'))),
              "the token's signature is not good");
}

TEST_F(Tokens, AZeroSignatureIsNotGood) {
    const auto input =
        test::base64url(R"({"alg":"ES256","kid":"ec"})") + "." + test::base64url(payload({}));
    EXPECT_EQ(refusal(input + "." + test::base64url(std::string(64, '\0'))),
              "the token's signature is not good");
}

TEST_F(Tokens, ATokenDoesNotBringItsKey) {
    const auto mine = SigningKey::rsa("mine");
    for (const auto& [name, value] : Members{{"jwk", mine.jwk()},
                                             {"jku", quote(issuer_.url() + "/evil")},
                                             {"x5c", "[]"},
                                             {"x5u", quote(issuer_.url() + "/evil")},
                                             {"crit", R"(["exp"])"}}) {
        const auto header = test::to_json({{"alg", quote("RS256")}, {name, value}});
        EXPECT_EQ(refusal(test::signed_token(mine, "RS256", header, payload({}))),
                  "the token's header has the parameter " + name);
    }
    EXPECT_EQ(issuer_.asked("/evil"), 0);
}

TEST_F(Tokens, WithoutKidOnlyWhenThereIsOneKey) {
    const auto anonymous = test::signed_token(test::rsa_key(), "RS256", R"({"alg":"RS256"})",
                                              payload({{"exp", "1.8e9"}}));
    EXPECT_EQ(refusal(anonymous), "no key of the issuer's fits the token");
    issuer_.publish(test::jwks({test::rsa_key().jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(anonymous), "");
}

TEST_F(Tokens, AWeakKeySignsNothing) {
    const auto weak = SigningKey::rsa("weak", 1024);
    issuer_.publish(test::jwks({weak.jwk(), test::rsa_key().jwk()}));
    EXPECT_EQ(refusal(test::signed_token(weak, "RS256", payload({}))),
              "no key of the issuer's fits the token");
}

TEST_F(Tokens, AKeyForEncryptionSignsNothing) {
    issuer_.publish(
        test::jwks({test::rsa_key().jwk({{"use", quote("enc")}}), test::ec_key().jwk()}));
    EXPECT_EQ(refusal(token()), "no key of the issuer's fits the token");
}

TEST_F(Tokens, ClaimsCountAsWell) {
    EXPECT_EQ(refusal(token({{"exp", "1699999970"}})), "the token's exp is past");
    EXPECT_EQ(refusal(token({{"exp", ""}})), "the token's exp is missing");
    EXPECT_EQ(refusal(token({{"nbf", "1700000031"}})), "the token's nbf is in the future");
    EXPECT_EQ(refusal(token({{"iat", "1700000031"}})), "the token's iat is in the future");
    EXPECT_EQ(refusal(token({{"iss", quote("https://evil.example")}})),
              "the token's iss is another issuer");
    EXPECT_EQ(refusal(token({{"aud", quote("account")}})), "the token's aud is another audience");
    EXPECT_EQ(refusal(token({{"azp", "17"}})), "the token's azp is not a string");
    EXPECT_EQ(refusal(token({{"azp", quote("x") + R"(,"azp":"iotdevice-thermostat-abcd1234")"}})),
              "the token's payload has a member twice");
    EXPECT_EQ(issuer_.asked(FakeIssuer::kDiscovery), 0);  // none of these is worth a question
    EXPECT_EQ(refusal(token({{"exp", "1699999971"}})), "");
}

TEST_F(Tokens, TheLeewayIsConfigured) {
    config_.clock_skew = 0s;
    const TokenAuthenticator strict(config_, [this] { return now_; });
    EXPECT_THROW(strict.authenticate(Access::Device,
                                     {"Bearer " + token({{"exp", "1700000000"}}), std::nullopt}),
                 InvalidToken);
}

TEST_F(Tokens, LargeOnesAreRefusedUnread) {
    EXPECT_EQ(refusal(token({{"padding", quote(std::string(20'000, 'x'))}})),
              "the token is longer than 16 KiB");
    EXPECT_EQ(refusal(token({{"padding", quote(std::string(11'000, 'x'))}})), "");
}

TEST_F(Tokens, NoTokenAndOtherSchemes) {
    for (const auto& header :
         {std::optional<std::string>(), std::optional<std::string>("Basic eA=="),
          std::optional<std::string>("Digest a.b.c")}) {
        try {
            authenticator_->authenticate(Access::Admin, {header, "abcd1234"});
            ADD_FAILURE() << header.value_or("none");
        } catch (const InvalidToken&) {
            ADD_FAILURE() << header.value_or("none");
        } catch (const Unauthenticated& refused) {
            EXPECT_STREQ(refused.what(), "no bearer token");
        }
    }
    EXPECT_THROW(authenticate(token() + ", Bearer " + token()), InvalidToken);
}

TEST_F(Tokens, ThatWereGoodOnceExpireAllTheSame) {
    const auto one = token();
    EXPECT_EQ(refusal(one), "");
    EXPECT_EQ(refusal(one), "");
    now_ += 331s;
    EXPECT_EQ(refusal(one), "the token's exp is past");
}

TEST_F(Tokens, ThatWereGoodOnceEndWithTheirKey) {
    const auto one = token({{"exp", "1800000000"}});
    EXPECT_EQ(refusal(one), "");
    issuer_.publish(test::jwks({SigningKey::rsa("rsa").jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(one), "the token's signature is not good");
    issuer_.publish(test::jwks({test::rsa_key().jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(one), "");
    issuer_.publish(test::jwks({test::ec_key().jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(one), "no key of the issuer's fits the token");
}

TEST_F(Tokens, RotatedKeysAreFetchedOnce) {
    EXPECT_EQ(refusal(token()), "");
    const auto next = SigningKey::ec("next");
    issuer_.publish(test::jwks({next.jwk()}));
    now_ += 10s;
    EXPECT_EQ(refusal(test::signed_token(next, "ES256", payload({}))), "");
    EXPECT_EQ(issuer_.asked(FakeIssuer::kDiscovery), 2);
    EXPECT_EQ(refusal(token()), "no key of the issuer's fits the token");
}

TEST_F(Tokens, OfAKeyThatMayBeNewAreNotRefused) {
    EXPECT_EQ(refusal(token()), "");
    const auto next = SigningKey::ec("next");
    issuer_.go_down();
    EXPECT_THROW(authenticate(test::signed_token(next, "ES256", payload({}))), KeyInDoubt);
    // Issued before the keys were fetched, it would have been one of them.
    now_ += 31s;
    EXPECT_EQ(refusal(token()), "");
    issuer_.come_back();
    issuer_.publish(test::jwks({next.jwk(), test::rsa_key().jwk()}));
    EXPECT_EQ(refusal(test::signed_token(next, "ES256", payload({}))), "");
    issuer_.go_down();
    EXPECT_EQ(refusal(test::signed_token(SigningKey::ec("old"), "ES256", payload({}))),
              "no key of the issuer's fits the token");
}

TEST_F(Tokens, NameTheDeviceInClientIdWhereThereIsNoAzp) {
    const auto client = quote("iotdevice-thermostat-zyxw9876");
    EXPECT_EQ(authenticate(token({{"azp", ""}, {"client_id", client}})).device.key, "zyxw9876");
    EXPECT_EQ(authenticate(token({{"client_id", client}})).device.key, "abcd1234");
    EXPECT_THROW(authenticate(token({{"azp", quote("web")}, {"client_id", client}})), Forbidden);
    config_.device_claim = "device";
    const TokenAuthenticator other(config_, [this] { return now_; });
    const auto one = token({{"device", client}});
    EXPECT_EQ(other.authenticate(Access::Device, {"Bearer " + one, std::nullopt}).device.key,
              "zyxw9876");
}

TEST_F(Tokens, WithoutKeysNobodyKnows) {
    issuer_.go_down();
    EXPECT_THROW(authenticate(token()), KeysUnavailable);
    EXPECT_NO_THROW(authenticate("", Access::Public));
    EXPECT_EQ(refusal(token({{"exp", "1"}})), "the token's exp is past");
}

TEST_F(Tokens, AClientThatIsAlmostADeviceIsNobody) {
    for (const auto* party : {"iotdevice-thermostat-ABCD1234", "iotdevice-", "iotdevice-x"}) {
        for (const auto access : {Access::Device, Access::Admin, Access::Pipeline}) {
            EXPECT_THROW(authenticate(with_roles(R"("admin","pipeline")", party), access),
                         Forbidden);
        }
    }
}

}  // namespace
}  // namespace coredepot::auth
