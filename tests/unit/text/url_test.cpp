#include "text/url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(Url, HttpAndHttps) {
    EXPECT_TRUE(is_http_url("http://x"));
    EXPECT_TRUE(is_http_url("https://x"));
    for (const auto* bad :
         {"", "x", "http://", "https://", "HTTP://x", "ftp://x", "//x", " http://x"}) {
        EXPECT_FALSE(is_http_url(bad)) << bad;
        EXPECT_FALSE(is_quotable_url(bad)) << bad;
    }
}

TEST(Url, HaveNoSpaces) {
    for (const auto* bad :
         {"http://a b", "http://a ", "http://a\n", "http://a\tb", "http://a\x7f"}) {
        EXPECT_FALSE(is_http_url(bad)) << bad;
    }
}

TEST(Url, WhatIssuersReallyHave) {
    for (const auto* good :
         {"https://id.example/realms/fleet/protocol/openid-connect/token",
          "http://127.0.0.1:8080/token", "http://[::1]:8080/token", "https://x/oauth2/v2.0/token",
          "https://x/~fleet/token?p=b2c_1_sign-in,x+y%20z"}) {
        EXPECT_TRUE(is_quotable_url(good)) << good;
    }
}

TEST(Url, WhatMeansSomethingToAShell) {
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]=%+,";
    for (int c = 0; c < 256; ++c) {
        const auto character = static_cast<char>(c);
        const auto url = std::string("https://x/") + character;
        EXPECT_EQ(is_quotable_url(url), kPlain.find(character) != std::string_view::npos) << c;
    }
}

TEST(Url, PartsAreEncodedWhateverBytesTheyHave) {
    EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encoded("a b/c?d=e&f+g%"), "a%20b%2Fc%3Fd%3De%26f%2Bg%25");
    EXPECT_EQ(percent_encoded("/a/\xff\n", "/"), "/a/%FF%0A");
    EXPECT_EQ(percent_encoded(std::string_view("\0", 1)), "%00");
}

TEST(Url, AnOriginIsSchemeHostAndPort) {
    EXPECT_EQ(origin_of("https://Depot.example/a/b?c#d"), "https://depot.example");
    EXPECT_EQ(origin_of("HTTPS://depot.example:443"), "https://depot.example");
    EXPECT_EQ(origin_of("http://depot.example:443/"), "http://depot.example:443");
    EXPECT_EQ(origin_of("http://[::1]:80"), "http://[::1]");
    EXPECT_EQ(origin_of("http://depot.example?x"), "http://depot.example");
    for (const auto* none : {"", "null", "https://", "https:///", "ftp://x", "//depot.example",
                             "https:depot.example", " https://x"}) {
        EXPECT_EQ(origin_of(none), "") << none;
    }
}

}  // namespace
}  // namespace coredepot
