#include "http/origin.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "text/url.hpp"

namespace coredepot::http {
namespace {

Request make(const std::string& scheme, const std::string& host) {
    Request request;
    request.scheme = scheme;
    request.host = host;
    return request;
}

/// What no header may say.
const std::vector<std::string>& hostile() {
    static const std::vector<std::string> all{
        "",
        " ",
        ",a",
        "a\"; rm -rf ~; \"",
        "$(id)",
        "`id`",
        "$HOME",
        "${HOME}",
        "a\\",
        "a\\\"",
        "a'b",
        "a b",
        "a\nb",
        "a\n",
        "a\r\nb",
        std::string("a\0b", 3),
        "a;b",
        "a&b",
        "a|b",
        "a<b>",
        "a%22",
        "a%0a",
        "a/b",
        "a?b",
        "a#b",
        "a!b",
        "a~b",
        "a*b",
        "user@a",
        "user:password@a",
        "a:",
        "a:b",
        "a:123456",
        "a:80:80",
        ":80",
        "::1",
        "[::1",
        "::1]",
        "[]",
        "[::1%25eth0]",
        "[::g]",
        "[$(id)]",
        "[::1]a",
        "-a",
        ".a",
        "a-",
        "a..",
        "\xe2\x80\x9c",  // PowerShell takes this for a quote
        "\xff",
        "b\xc3\xbc"
        "cher.example",
        std::string(260, 'a'),
        std::string(100'000, 'a'),
    };
    return all;
}

TEST(Origin, IsWhatTheRequestSays) {
    EXPECT_EQ(origin(make("http", "127.0.0.1:8080")), "http://127.0.0.1:8080");
    EXPECT_EQ(origin(make("https", "depot.example")), "https://depot.example");
    EXPECT_EQ(origin(make("https", "Depot-1.example.:443")), "https://Depot-1.example.:443");
    EXPECT_EQ(origin(make("http", "[::1]")), "http://[::1]");
    EXPECT_EQ(origin(make("http", "[2001:db8::192.0.2.1]:80")), "http://[2001:db8::192.0.2.1]:80");
    EXPECT_EQ(origin(make("http", "coredepot_web_1")), "http://coredepot_web_1");
    EXPECT_EQ(origin(make("http", "d")), "http://d");
}

TEST(Origin, AProxyKnowsBetter) {
    auto request = make("http", "127.0.0.1:8080");
    request.forwarded_proto = "https";
    EXPECT_EQ(origin(request), "https://127.0.0.1:8080");
    request.forwarded_host = "depot.example";
    EXPECT_EQ(origin(request), "https://depot.example");
    request.forwarded_proto = "HTTPS";
    EXPECT_EQ(origin(request), "https://depot.example");
    request.forwarded_proto.reset();
    EXPECT_EQ(origin(request), "http://depot.example");
}

TEST(Origin, OfSeveralProxiesTheFirstKnowsBest) {
    auto request = make("http", "inner");
    request.forwarded_proto = "https, http";
    request.forwarded_host = " outer.example:8443\t, middle, $(id)";
    EXPECT_EQ(origin(request), "https://outer.example:8443");
}

TEST(Origin, WhatIsNoHostIsRefused) {
    for (const auto& host : hostile()) {
        EXPECT_THROW(origin(make("http", host)), core::ValidationFailed) << host;
        auto request = make("http", "good.example");
        request.forwarded_host = host;
        EXPECT_THROW(origin(request), core::ValidationFailed) << host;
    }
}

TEST(Origin, WhatIsNoSchemeIsRefused) {
    auto schemes = hostile();
    schemes.insert(schemes.end(), {"ftp", "javascript", "https:", "https://x", "http s"});
    for (const auto& scheme : schemes) {
        EXPECT_THROW(origin(make(scheme, "a")), core::ValidationFailed) << scheme;
        auto request = make("http", "a");
        request.forwarded_proto = scheme;
        EXPECT_THROW(origin(request), core::ValidationFailed) << scheme;
    }
}

TEST(Origin, OfEveryByteWhatGetsThroughMayBeQuoted) {
    for (int byte = 0; byte < 256; ++byte) {
        for (const auto& host : {std::string("a") + static_cast<char>(byte) + "b",
                                 std::string(1, static_cast<char>(byte))}) {
            try {
                EXPECT_TRUE(is_quotable_url(origin(make("http", host)))) << byte;
            } catch (const core::ValidationFailed&) {
                continue;
            }
        }
    }
}

}  // namespace
}  // namespace coredepot::http
