#include <gtest/gtest.h>

#include "core/alerts/address.hpp"
#include "core/alerts/webhook_signature.hpp"

namespace coredepot::core {
namespace {

TEST(AlertAddress, OfAUrlTheHostIsShown) {
    EXPECT_EQ(shown_url("https://hooks.slack.com/services/T/B/x"), "https://hooks.slack.com/…");
    EXPECT_EQ(shown_url("http://a.example:8080?x=y"), "http://a.example:8080/…");
    EXPECT_EQ(shown_url("http://a.example"), "http://a.example");
    EXPECT_EQ(shown_url("http://a.example/"), "http://a.example");
    EXPECT_EQ(shown_url("http://[::1]:80/x"), "http://[::1]:80/…");
}

TEST(AlertAddress, WhatIsNoUrl) {
    for (const auto* url : {"",
                            "x",
                            "ftp://x",
                            "http://",
                            "http://?x",
                            "http://u@x",
                            "http://u:p@x",
                            "http://x y",
                            "http://x/\r\nHost: y",
                            "http://x#y",
                            "http://x:0",
                            "http://x:x",
                            "http://x:65536",
                            "http://.x",
                            "http://x.",
                            "http://[x",
                            "http://\xc3\xa9",
                            "http://x\\y",
                            "HTTP://x",
                            "http://[::1]x"}) {
        EXPECT_EQ(shown_url(url), std::nullopt) << url;
    }
    EXPECT_EQ(shown_url("http://x/" + std::string(2000, 'x')), std::nullopt);
}

// Of the libraries of Standard Webhooks.
TEST(WebhookSignature, IsAsOthersMakeIt) {
    const auto key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    ASSERT_TRUE(key);
    EXPECT_EQ(webhook_signature(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                                R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_FALSE(signing_key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    EXPECT_FALSE(signing_key("whsec_x"));
    EXPECT_TRUE(is_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    EXPECT_FALSE(is_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La"));
}

}  // namespace
}  // namespace coredepot::core
