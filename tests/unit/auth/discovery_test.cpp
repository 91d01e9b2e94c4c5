#include "auth/discovery.hpp"

#include <gtest/gtest.h>

#include "support/fake_issuer.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using test::FakeIssuer;
using test::quote;

class Discovery : public testing::Test {
  protected:
    /// The issuer describes itself so.
    void describe(const test::Members& members) {
        issuer_.answer(FakeIssuer::kDiscovery, 200, test::to_json(members));
    }

    /// Why the keys cannot be had; empty when they can.
    std::string failure() { return failure(issuer_.url()); }
    static std::string failure(const std::string& url) {
        const auto answer = fetch_jwks(url);
        const auto* failed = std::get_if<FetchFailure>(&answer);
        return failed == nullptr ? "" : failed->why;
    }

    FakeIssuer issuer_;
};

TEST_F(Discovery, TheKeysAsTheyCame) {
    issuer_.publish(" {\"keys\": [] }\n");
    EXPECT_EQ(std::get<std::string>(fetch_jwks(issuer_.url())), " {\"keys\": [] }\n");
    EXPECT_EQ(issuer_.asked(FakeIssuer::kDiscovery), 1);
    EXPECT_EQ(issuer_.asked(FakeIssuer::kJwks), 1);
}

TEST_F(Discovery, AnIssuerWhoseNameEndsWithASlash) {
    describe({{"issuer", quote(issuer_.url() + "/")},
              {"jwks_uri", quote(issuer_.url() + FakeIssuer::kJwks)}});
    EXPECT_EQ(failure(issuer_.url() + "/"), "");
    EXPECT_NE(failure(), "");
}

TEST_F(Discovery, TheIssuerHasToBeTheOneThatIsConfigured) {
    const auto uri = quote(issuer_.url() + FakeIssuer::kJwks);
    describe({{"issuer", "\"https://evil.example\""}, {"jwks_uri", uri}});
    EXPECT_EQ(failure(), "OIDC_ISSUER_URL is " + issuer_.url() +
                             ", but the issuer calls itself https://evil.example");
    for (const auto* bad : {"", "null", "17"}) {
        describe({{"issuer", bad}, {"jwks_uri", uri}});
        EXPECT_NE(failure().find("calls itself nothing"), std::string::npos) << bad;
    }
    EXPECT_EQ(issuer_.asked(FakeIssuer::kJwks), 0);
}

TEST_F(Discovery, AJwksUriThatIsHttp) {
    for (const auto* bad : {"", "null", "17"}) {
        describe({{"issuer", quote(issuer_.url())}, {"jwks_uri", bad}});
        EXPECT_EQ(failure(), "the discovery document has no jwks_uri") << bad;
    }
    for (const auto* bad : {"file:///etc/passwd", "ftp://127.0.0.1/", "jwks", ""}) {
        describe({{"issuer", quote(issuer_.url())}, {"jwks_uri", quote(bad)}});
        EXPECT_EQ(failure(), "jwks_uri is not as safe as the issuer: " + std::string(bad));
    }
}

TEST_F(Discovery, OtherAnswersAreFailures) {
    const auto url = issuer_.url() + FakeIssuer::kDiscovery;
    for (const auto* body : {"", "[]", "<html>", "{"}) {
        issuer_.answer(FakeIssuer::kDiscovery, 200, body);
        EXPECT_EQ(failure(), "the discovery document is not a JSON object") << body;
    }
    for (const int status : {301, 401, 404, 500, 503}) {
        issuer_.answer(FakeIssuer::kDiscovery, status, "{}");
        EXPECT_EQ(failure(), url + ": status " + std::to_string(status));
    }
    issuer_.answer(FakeIssuer::kDiscovery, 200, std::string(300'000, ' '));
    EXPECT_EQ(failure(), url + ": answer larger than accepted");
}

TEST_F(Discovery, KeysThatCannotBeHad) {
    issuer_.answer(FakeIssuer::kJwks, 500, "");
    EXPECT_EQ(failure(), issuer_.url() + "/jwks: status 500");
    issuer_.go_down();
    EXPECT_NE(failure().find("127.0.0.1"), std::string::npos);
}

}  // namespace
}  // namespace coredepot::auth
