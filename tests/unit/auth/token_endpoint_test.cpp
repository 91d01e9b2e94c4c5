#include "auth/token_endpoint.hpp"

#include <gtest/gtest.h>

#include "support/fake_issuer.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;
using test::FakeIssuer;
using test::quote;

class TokenEndpointTest : public testing::Test {
  protected:
    TokenEndpointTest() {
        config_.issuer_url = issuer_.url();
        config_.cache_dir = folder_.path();
        publish(quote(issuer_.url() + "/token"));
    }

    /// A JSON text; "" leaves the member out.
    void publish(const std::string& endpoint) {
        issuer_.answer(
            FakeIssuer::kDiscovery, 200,
            test::to_json({{"issuer", quote(issuer_.url())}, {"token_endpoint", endpoint}}));
    }
    TokenEndpoint process() const {
        return {config_, [this] { return now_; }};
    }
    int asked() const { return issuer_.asked(FakeIssuer::kDiscovery); }

    FakeIssuer issuer_;
    test::TemporaryFolder folder_;
    Timestamp now_{std::chrono::seconds(1'700'000'000)};
    OidcConfig config_;
};

TEST_F(TokenEndpointTest, IsWhatTheIssuerSays) {
    auto endpoint = process();
    EXPECT_EQ(endpoint.url(), issuer_.url() + "/token");
    EXPECT_EQ(endpoint.url(), issuer_.url() + "/token");
    EXPECT_EQ(process().url(), issuer_.url() + "/token");  // from the disk
    EXPECT_EQ(asked(), 1);
    EXPECT_EQ(issuer_.asked(FakeIssuer::kJwks), 0);
    publish(quote(issuer_.url() + "/moved"));
    now_ += 5min;
    EXPECT_EQ(endpoint.url(), issuer_.url() + "/moved");
}

TEST_F(TokenEndpointTest, IsAsConfigured) {
    config_.token_url = "https://other.example/token";
    EXPECT_EQ(process().url(), "https://other.example/token");
    EXPECT_EQ(asked(), 0);
}

TEST_F(TokenEndpointTest, IsRememberedWhileTheIssuerIsDown) {
    auto endpoint = process();
    EXPECT_TRUE(endpoint.url());
    issuer_.go_down();
    now_ += std::chrono::hours(24 * 30);
    EXPECT_EQ(endpoint.url(), issuer_.url() + "/token");
    EXPECT_EQ(process().url(), issuer_.url() + "/token");
}

TEST_F(TokenEndpointTest, IsUnknownUntilTheIssuerHasSaid) {
    issuer_.go_down();
    auto endpoint = process();
    EXPECT_EQ(endpoint.url(), std::nullopt);
    issuer_.come_back();
    EXPECT_EQ(endpoint.url(), std::nullopt);  // so soon
    now_ += 10s;
    EXPECT_EQ(endpoint.url(), issuer_.url() + "/token");
}

TEST_F(TokenEndpointTest, WhatIsNoUrlForAScriptIsNotUsed) {
    auto endpoint = process();
    for (const auto& bad :
         {std::string(), std::string("17"), std::string("null"), quote("/token"),
          quote("file:///etc/passwd"), quote("https://"), quote("https://x/$(id)"),
          quote("https://x/`id`"), quote(R"(https://x/\";id;\")"), quote("https://x/\\nid"),
          quote("https://x/' or"), quote("https://x/\\u0000"), quote("https://x/\\u201did")}) {
        publish(bad);
        EXPECT_EQ(endpoint.url(), std::nullopt) << bad;
        now_ += 10s;
    }
    EXPECT_EQ(asked(), 13);
    publish(quote("https://x/token"));
    EXPECT_EQ(endpoint.url(), "https://x/token");
    publish(quote("https://x/$(id)"));
    now_ += 5min;
    EXPECT_EQ(endpoint.url(), "https://x/token");
}

TEST_F(TokenEndpointTest, WhatSomebodyPutOnTheDiskIsCheckedToo) {
    IssuerCache(folder_.path(), "token_endpoint", issuer_.url()).store({"https://x/$(id)", now_});
    EXPECT_EQ(process().url(), issuer_.url() + "/token");
}

}  // namespace
}  // namespace coredepot::auth
