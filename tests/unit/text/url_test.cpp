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

TEST(PostgresqlUrl, WhatLibpqTakes) {
    for (const auto* good :
         {"postgresql://", "postgres://", "postgresql:///coredepot", "postgresql://localhost",
          "postgresql://localhost:5432", "postgresql://localhost:", "postgresql://db/coredepot",
          "postgresql://user@db", "postgresql://user:secret@db/coredepot",
          "postgresql://user:s%40cr%2Fet%25@db/coredepot", "postgresql://user:se?cret@db/x",
          "postgresql://u@/coredepot?host=/tmp/postgres&port=5432", "postgresql://[::1]:5432/x",
          "postgresql://[fe80::1]/x", "postgresql://a:1,b:2,[::1]:3,c/x?target_session_attrs=any",
          "postgresql://u@db/x?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem",
          "postgresql://%2Frun%2Fpostgresql/x", "postgresql://x?user=other"}) {
        EXPECT_TRUE(is_postgresql_url(good)) << good;
    }
}

// libpq's errors quote what they are about.
TEST(PostgresqlUrl, WhereAPasswordWouldEndUpInAnError) {
    for (const auto* bad : {"",
                            "garbage",
                            "mysql://x/y",
                            "postgresql:/x",
                            "host=db password=sec ret2",
                            "postgresql://u:se%cret@db/x",
                            "postgresql://u:secret%@db/x",
                            "postgresql://u:se%00@db/x",
                            "postgresql://u:pa/ss@db/x",
                            "postgresql://u:12/ss@db/x",
                            "postgresql://u:p@ss@db/x",
                            "postgresql://u:sec ret@db/x",
                            "postgresql://db:port/x",
                            "postgresql://db:123456/x",
                            "postgresql://[::1/x",
                            "postgresql://[::1]x/x",
                            "postgresql://a:1,b:x/y",
                            "postgresql://db/x?password",
                            "postgresql://db/x?password=a=b",
                            "postgresql://db/x?user=a&=b",
                            "postgresql://db/x\n"}) {
        EXPECT_FALSE(is_postgresql_url(bad)) << bad;
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

}  // namespace
}  // namespace coredepot
