#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "auth/token_authenticator.hpp"
#include "support/fake_issuer.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {

/// An issuer with two keys, its tokens for a device, and who judges them.
class Tokens : public testing::Test {
  protected:
    Tokens() {
        issuer_.publish(test::jwks({test::rsa_key().jwk(), test::ec_key().jwk()}));
        config_.issuer_url = issuer_.url();
        config_.client_id = config_.audience = "coredepot";
        config_.cache_dir = folder_.path();
        authenticator_.emplace(config_, [this] { return now_; });
    }

    std::string payload(const test::Members& changes) const {
        test::Members members{{"iss", test::quote(issuer_.url())},
                              {"aud", test::quote("coredepot")},
                              {"exp", "1700000300"},
                              {"iat", "1700000000"},
                              {"azp", test::quote("iotdevice-thermostat-abcd1234")}};
        for (const auto& [name, value] : changes) members[name] = value;
        return test::to_json(members);
    }
    std::string token(const test::Members& changes = {}) const {
        return test::signed_token(test::rsa_key(), "RS256", payload(changes));
    }
    std::string with_roles(const std::string& roles, const std::string& party = "web") const {
        return token(
            {{"azp", test::quote(party)}, {"realm_access", R"({"roles": [)" + roles + "]}"}});
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

    test::FakeIssuer issuer_;
    test::TemporaryFolder folder_;
    Timestamp now_{std::chrono::seconds(1'700'000'000)};
    OidcConfig config_;
    std::optional<TokenAuthenticator> authenticator_;
};

}  // namespace coredepot::auth
