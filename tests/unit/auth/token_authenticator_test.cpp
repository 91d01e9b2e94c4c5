// Tokens from signature to status: what a request with one may do.

#include "auth/token_authenticator.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "http/router.hpp"
#include "support/fake_issuer.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;
using http::Endpoint;
using test::FakeIssuer;
using test::Members;
using test::quote;
using test::SigningKey;

const SigningKey& rsa() {
    static const auto key = SigningKey::rsa("rsa");
    return key;
}
const SigningKey& ec() {
    static const auto key = SigningKey::ec("ec");
    return key;
}

class Tokens : public testing::Test {
  protected:
    Tokens() {
        issuer_.publish(test::jwks({rsa().jwk(), ec().jwk()}));
        config_.issuer_url = issuer_.url();
        config_.client_id = config_.audience = "coredepot";
        config_.cache_dir = folder_.path();
        authenticator_.emplace(config_, [this] { return now_; });
    }

    std::string payload(const Members& changes) const {
        Members members{{"iss", quote(issuer_.url())},
                        {"aud", quote("coredepot")},
                        {"exp", "1700000300"},
                        {"iat", "1700000000"},
                        {"azp", quote("iotdevice-thermostat-abcd1234")}};
        for (const auto& [name, value] : changes) members[name] = value;
        return test::to_json(members);
    }
    std::string token(const Members& changes = {}) const {
        return test::signed_token(rsa(), "RS256", payload(changes));
    }
    std::string with_roles(const std::string& roles, const std::string& party = "web") const {
        return token({{"azp", quote(party)}, {"realm_access", R"({"roles": [)" + roles + "]}"}});
    }

    Identity authenticate(const std::string& token, Access access = Access::Device) {
        return authenticator_->authenticate(access, {"Bearer " + token, "99999999"});
    }
    /// Why a device with this token is refused with 401; empty when it is not.
    std::string refusal(const std::string& token) {
        try {
            authenticate(token);
        } catch (const InvalidToken& refused) {
            EXPECT_EQ(std::string(refused.what()).find(token.substr(0, 20)), std::string::npos);
            return refused.what();
        }
        return "";
    }

    FakeIssuer issuer_;
    test::TemporaryFolder folder_;
    Timestamp now_{std::chrono::seconds(1'700'000'000)};
    OidcConfig config_;
    std::optional<TokenAuthenticator> authenticator_;
};

TEST_F(Tokens, AreGoodWithEachAlgorithm) {
    for (const auto* algorithm : {"RS256", "RS384", "RS512"}) {
        EXPECT_EQ(refusal(test::signed_token(rsa(), algorithm, payload({}))), "") << algorithm;
    }
    EXPECT_EQ(refusal(test::signed_token(ec(), "ES256", payload({}))), "");
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
    for (const auto& secret : {rsa().pem(), rsa().jwk(), std::string()}) {
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
    EXPECT_EQ(mixed(ec(), "ES256", "rsa"), "no key of the issuer's fits the token");
    EXPECT_EQ(mixed(rsa(), "RS256", "ec"), "no key of the issuer's fits the token");
    EXPECT_EQ(mixed(ec(), "RS256", "rsa"), "the token's signature is not good");
    EXPECT_EQ(mixed(rsa(), "ES256", "ec"),
              "the token's signature has not the length of its algorithm's");
    // Signed with another hash than it says.
    const auto input =
        test::base64url(R"({"alg":"RS512","kid":"rsa"})") + "." + test::base64url(payload({}));
    EXPECT_EQ(refusal(input + "." + test::base64url(rsa().sign("RS256", input))),
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
    const auto anonymous =
        test::signed_token(rsa(), "RS256", R"({"alg":"RS256"})", payload({{"exp", "1.8e9"}}));
    EXPECT_EQ(refusal(anonymous), "no key of the issuer's fits the token");
    issuer_.publish(test::jwks({rsa().jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(anonymous), "");
}

TEST_F(Tokens, AWeakKeySignsNothing) {
    const auto weak = SigningKey::rsa("weak", 1024);
    issuer_.publish(test::jwks({weak.jwk(), rsa().jwk()}));
    EXPECT_EQ(refusal(test::signed_token(weak, "RS256", payload({}))),
              "no key of the issuer's fits the token");
}

TEST_F(Tokens, AKeyForEncryptionSignsNothing) {
    issuer_.publish(test::jwks({rsa().jwk({{"use", quote("enc")}}), ec().jwk()}));
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
    issuer_.publish(test::jwks({rsa().jwk()}));
    now_ += 5min;
    EXPECT_EQ(refusal(one), "");
    issuer_.publish(test::jwks({ec().jwk()}));
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
    issuer_.publish(test::jwks({next.jwk(), rsa().jwk()}));
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

/// A registry with one device, whose client id is the issuer's.
class RegisteredDevices : public Tokens {
  protected:
    RegisteredDevices() { start(); }

    void start() {
        authenticator_.emplace(
            config_, [this] { return now_; }, registry());
    }
    TokenAuthenticator process() {
        return {config_, [this] { return now_; }, registry()};
    }
    Registry registry() {
        return [this](const ClientId& client) -> std::optional<DeviceReference> {
            ++asked_;
            if (is_away_) throw std::runtime_error("no database");
            if (client.str() != registered_) return std::nullopt;
            return DeviceReference{"abcd1234", ModelCode::trusted("thermostat")};
        };
    }
    std::string of_client(const std::string& name, const std::string& roles = "") const {
        return with_roles(roles, name);
    }
    std::string key(const TokenAuthenticator& authenticator, const std::string& client) const {
        return authenticator
            .authenticate(Access::Device, {"Bearer " + of_client(client), std::nullopt})
            .device.key;
    }

    static constexpr const char* kClient = "0oa1b2c3d4e5f6g7h8i9";
    std::string registered_ = kClient;
    bool is_away_ = false;
    int asked_ = 0;
};

TEST_F(RegisteredDevices, AreDevicesAndNothingElse) {
    const auto device = authenticate(of_client(kClient)).device;
    EXPECT_EQ(device.key, "abcd1234");
    EXPECT_EQ(device.model_code, ModelCode::trusted("thermostat"));
    for (const auto access : {Access::Admin, Access::Pipeline}) {
        EXPECT_THROW(authenticate(of_client(kClient, R"("admin","pipeline")"), access), Forbidden);
    }
    EXPECT_THROW(authenticate(of_client("0oaOther")), Forbidden);
    EXPECT_NO_THROW(authenticate(of_client("0oaOther", R"("admin")"), Access::Admin));
}

TEST_F(RegisteredDevices, AreLookedUpForGoodTokensOnlyAndWhereTheClientDoesNotName) {
    EXPECT_EQ(refusal(token()), "");
    EXPECT_EQ(refusal(test::signed_token(SigningKey::rsa("rsa"), "RS256",
                                         payload({{"azp", quote(kClient)}}))),
              "the token's signature is not good");
    EXPECT_THROW(authenticate(of_client("iotdevice-x")), Forbidden);
    EXPECT_THROW(authenticate(of_client(std::string(256, 'x'))), Forbidden);
    EXPECT_THROW(authenticate(of_client("\xc3\xa9")), Forbidden);
    EXPECT_EQ(asked_, 0);
}

TEST_F(RegisteredDevices, AreLookedUpOnceInFiveMinutesAndOthersSooner) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(key(*authenticator_, kClient), "abcd1234");
    EXPECT_EQ(asked_, 1);
    now_ += 300s;
    EXPECT_EQ(key(*authenticator_, kClient), "abcd1234");
    EXPECT_EQ(asked_, 2);
    for (int i = 0; i < 3; ++i) EXPECT_THROW(key(*authenticator_, "new"), Forbidden);
    EXPECT_EQ(asked_, 3);
    registered_ = "new";
    now_ += 10s;
    EXPECT_EQ(key(*authenticator_, "new"), "abcd1234");
}

TEST_F(RegisteredDevices, ThatWereSeenGoOnBeingKnownWhileTheRegistryIsAway) {
    EXPECT_EQ(key(*authenticator_, kClient), "abcd1234");
    is_away_ = true;
    now_ += 301s;
    EXPECT_EQ(key(*authenticator_, kClient), "abcd1234");
    auto restarted = process();
    EXPECT_EQ(key(restarted, kClient), "abcd1234");
    EXPECT_THROW(key(restarted, "never-seen"), std::runtime_error);
    // One that has been taken away is known no more, whatever happens later.
    is_away_ = false;
    registered_ = "";
    EXPECT_THROW(key(restarted, kClient), Forbidden);
    is_away_ = true;
    now_ += 11s;
    EXPECT_THROW(key(restarted, kClient), std::runtime_error);
    auto again = process();
    EXPECT_THROW(key(again, kClient), std::runtime_error);
}

TEST_F(RegisteredDevices, DoForAnAudienceWhereClientsMay) {
    const auto without = [&](const std::string& client, Access access) {
        return authenticate(token({{"aud", ""},
                                   {"azp", ""},
                                   {"client_id", quote(client)},
                                   {"realm_access", R"({"roles": ["admin"]})"}}),
                            access);
    };
    EXPECT_THROW(without(kClient, Access::Device), InvalidToken);
    config_.clients_without_audience = {"web"};
    start();
    EXPECT_EQ(without(kClient, Access::Device).device.key, "abcd1234");
    EXPECT_EQ(without("iotdevice-thermostat-zyxw9876", Access::Device).device.key, "zyxw9876");
    EXPECT_NO_THROW(without("web", Access::Admin));
    EXPECT_THROW(without("another-app", Access::Admin), InvalidToken);
    EXPECT_THROW(authenticate(token({{"aud", quote("other")}})), InvalidToken);
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

/// What each request is answered. The last column but one is a device that carries both roles.
struct Row {
    Endpoint endpoint;
    std::array<int, 8> statuses;
};
constexpr std::array kCallers = {"no token", "device",   "other device",   "pipeline",
                                 "admin",    "no roles", "device + roles", "bad token"};
constexpr std::array kDeviceRow = {401, 200, 200, 403, 403, 403, 200, 401};
constexpr std::array kAdminRow = {401, 403, 403, 403, 200, 403, 403, 401};
constexpr std::array kPipelineRow = {401, 403, 403, 200, 200, 403, 403, 401};
constexpr std::array kPublicRow = {200, 200, 200, 200, 200, 200, 200, 200};
constexpr std::array kMatrix = {
    Row{Endpoint::UploadCoredump, kDeviceRow},
    Row{Endpoint::GetFirmware, kDeviceRow},
    Row{Endpoint::GetFirmwareVersion, kDeviceRow},
    Row{Endpoint::ListCoredumps, kAdminRow},
    Row{Endpoint::DeleteAllCoredumps, kAdminRow},
    Row{Endpoint::GetCoredump, kAdminRow},
    Row{Endpoint::DeleteCoredump, kAdminRow},
    Row{Endpoint::DownloadCoredump, kAdminRow},
    Row{Endpoint::ReparseCoredump, kAdminRow},
    Row{Endpoint::ReparseCoredumps, kAdminRow},
    Row{Endpoint::ListDeviceModels, kAdminRow},
    Row{Endpoint::CreateDeviceModel, kAdminRow},
    Row{Endpoint::GetDeviceModel, kAdminRow},
    Row{Endpoint::RenameDeviceModel, kAdminRow},
    Row{Endpoint::DeleteDeviceModel, kAdminRow},
    Row{Endpoint::DownloadModelFirmware, kAdminRow},
    Row{Endpoint::UploadModelFirmware, kAdminRow},
    Row{Endpoint::ListDevices, kAdminRow},
    Row{Endpoint::CreateDevice, kAdminRow},
    Row{Endpoint::GetDevice, kAdminRow},
    Row{Endpoint::RenameDevice, kAdminRow},
    Row{Endpoint::DeleteDevice, kAdminRow},
    Row{Endpoint::UploadPipelineFirmware, kPipelineRow},
    Row{Endpoint::GetPipelineFirmwareVersion, kPipelineRow},
    Row{Endpoint::GetUploadSh, kPublicRow},
    Row{Endpoint::GetUploadPs1, kPublicRow},
    Row{Endpoint::Health, kPublicRow},
    Row{Endpoint::Metrics, kPublicRow},
    Row{Endpoint::DescribeCoredump, kPublicRow},
    Row{Endpoint::ParseCoredump, kPublicRow},
};

class WhoMayDoWhat : public Tokens {
  protected:
    WhoMayDoWhat() : router_(*authenticator_, actions()) {}

    /// Every endpoint answers with the key of the device that asks.
    static http::Actions actions() {
        http::Actions actions;
        for (const auto& spec : http::all_endpoints()) {
            actions[spec.endpoint] = [](const http::Request& request) {
                return http::Response{200, {}, request.identity.device.key};
            };
        }
        return actions;
    }

    http::Response answer(const http::EndpointSpec& spec,
                          const std::optional<std::string>& authorization) const {
        http::Request request;
        request.method = spec.method;
        request.path = spec.path;
        if (request.path.ends_with("[/]")) request.path.resize(request.path.size() - 3);
        request.query = http::Query::parse("device_key=99999999");
        request.authorization = authorization;
        return router_.answer(request);
    }

    std::array<std::optional<std::string>, kCallers.size()> authorizations() const {
        const auto bearer = [](const std::string& token) { return "Bearer " + token; };
        return {std::nullopt,
                bearer(token()),
                bearer(token({{"azp", quote("iotdevice-heater-zyxw9876")}})),
                bearer(with_roles(quote("pipeline"))),
                bearer(with_roles(quote("admin"))),
                bearer(with_roles(quote("offline_access"))),
                bearer(with_roles(R"("admin","pipeline")", "iotdevice-thermostat-abcd1234")),
                bearer(token({{"exp", "1"}}))};
    }

    static std::string header(const http::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return "";
    }

    http::Router router_;
};

TEST_F(WhoMayDoWhat, CellByCell) {
    ASSERT_EQ(kMatrix.size(), http::all_endpoints().size());
    const auto callers = authorizations();
    for (const auto& row : kMatrix) {
        const auto spec =
            *std::ranges::find(http::all_endpoints(), row.endpoint, &http::EndpointSpec::endpoint);
        for (std::size_t i = 0; i < kCallers.size(); ++i) {
            EXPECT_EQ(answer(spec, callers.at(i)).status, row.statuses.at(i))
                << spec.operation << " for " << kCallers.at(i);
        }
    }
}

TEST_F(WhoMayDoWhat, ADeviceIsTheOneThatItsTokenNames) {
    const auto& spec = http::all_endpoints().front();
    EXPECT_EQ(answer(spec, "Bearer " + token()).body, "abcd1234");
    EXPECT_EQ(answer(spec, "Bearer " + token({{"azp", quote("iotdevice-heater-zyxw9876")}})).body,
              "zyxw9876");
}

TEST_F(WhoMayDoWhat, RolesOfTheAudienceCountToo) {
    const auto roles = R"({"coredepot": {"roles": ["admin"]}})";
    const auto admin = token({{"azp", ""}, {"resource_access", roles}});
    EXPECT_NO_THROW(authenticate(admin, Access::Admin));
    EXPECT_NO_THROW(authenticate(admin, Access::Pipeline));
    EXPECT_THROW(authenticate(admin, Access::Device), Forbidden);
}

TEST_F(WhoMayDoWhat, A401SaysWhetherTheTokenWasBad) {
    const auto& spec = http::all_endpoints().front();
    EXPECT_EQ(header(answer(spec, std::nullopt), "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header(answer(spec, "Basic eA=="), "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header(answer(spec, "Bearer x"), "WWW-Authenticate"),
              "Bearer error=\"invalid_token\"");
    EXPECT_EQ(header(answer(spec, "Bearer " + with_roles("")), "WWW-Authenticate"), "");
}

TEST_F(WhoMayDoWhat, WithoutKeysIs503) {
    issuer_.go_down();
    const auto response = answer(http::all_endpoints().front(), "Bearer " + token());
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header(response, "Retry-After"), "10");
}

}  // namespace
}  // namespace coredepot::auth
