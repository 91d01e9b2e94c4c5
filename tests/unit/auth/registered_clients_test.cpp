// Devices whose client ids the issuer made up: the registry says whose they are.

#include "token_authenticator_test.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;
using test::quote;
using test::SigningKey;

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

}  // namespace
}  // namespace coredepot::auth
