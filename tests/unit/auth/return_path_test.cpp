#include "auth/return_path.hpp"

#include <string>

#include <gtest/gtest.h>

namespace coredepot::auth {
namespace {

TEST(ReturnPath, IsAPathOfThisServer) {
    for (const auto* good :
         {"/", "/issues/THERMOSTAT-12", "/?tab=open&q=a%20b", "/issues?x=1#y", "/a//b", "/.//x",
          "/%2F%2Fevil.example", "/@evil.example", "/?next=https://evil.example", "/a:b",
          "/issues?version[]=1", "/?q={a|b}^`"}) {
        EXPECT_TRUE(is_return_path(good)) << good;
    }
    EXPECT_TRUE(is_return_path("/" + std::string(1999, 'a')));
}

// Each of these is another host for some browser, or a second line in a header.
TEST(ReturnPath, IsNothingThatLeadsElsewhere) {
    for (const auto* bad : {"",
                            "issues",
                            "//evil.example",
                            "///evil.example",
                            "/\\evil.example",
                            "\\/evil.example",
                            "\\\\evil.example",
                            "/\t/evil.example",
                            "/\n/evil.example",
                            " //evil.example",
                            "https://evil.example",
                            "https:evil.example",
                            "http:/evil.example",
                            "//evil.example/%2f..",
                            "javascript:alert(1)",
                            "data:text/html,x",
                            "?x",
                            "#x",
                            "@evil.example",
                            ".evil.example",
                            "/a\r\nSet-Cookie: x=y",
                            "/a\rb",
                            "/a\nb",
                            "/a b",
                            "/a\"b",
                            "/a<b",
                            "/a\x7f",
                            "/\xc3\xa4",
                            "/a\\b"}) {
        EXPECT_FALSE(is_return_path(bad)) << bad;
    }
    EXPECT_FALSE(is_return_path(std::string("/a\0b", 4)));
    EXPECT_FALSE(is_return_path("/" + std::string(2000, 'a')));
}

}  // namespace
}  // namespace coredepot::auth
