#include "http/csp_report.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

TEST(CspReport, AsChromiumSendsIt) {
    const auto report = parse_csp_report(
        R"({"csp-report":{"document-uri":"https://depot.example/issues?q=secret","referrer":"",)"
        R"("violated-directive":"script-src-elem","effective-directive":"script-src-elem",)"
        R"("original-policy":"default-src 'none'","disposition":"enforce",)"
        R"("blocked-uri":"https://evil.example/x.js?y#z","line-number":12,)"
        R"("source-file":"https://depot.example/assets/a.js","status-code":200}})");
    ASSERT_TRUE(report);
    EXPECT_EQ(report->directive, "script-src-elem");
    EXPECT_EQ(report->blocked, "https://evil.example/x.js");
    EXPECT_EQ(report->page, "https://depot.example/issues");
    EXPECT_EQ(report->source, "https://depot.example/assets/a.js:12");
}

TEST(CspReport, AnOlderBrowserNamesTheDirectiveOtherwise) {
    const auto report = parse_csp_report(R"({"csp-report":{"violated-directive":"img-src"}})");
    ASSERT_TRUE(report);
    EXPECT_EQ(report->directive, "img-src");
    EXPECT_EQ(report->source, "");
}

TEST(CspReport, TextsAreShortAndVisible) {
    const auto report = parse_csp_report("{\"csp-report\":{\"blocked-uri\":\"a\\u001b[31m\\nb" +
                                         std::string(300, 'x') + "\",\"document-uri\":17}}");
    ASSERT_TRUE(report);
    EXPECT_EQ(report->blocked.substr(0, 9), "a?[31m?bx");
    EXPECT_EQ(report->blocked.size(), 200U);
    EXPECT_EQ(report->page, "");
}

TEST(CspReport, AnythingElseIsNone) {
    for (const auto* bad : {"", "[]", "{}", "{\"csp-report\":[]}", "{\"csp-report\":null}", "x"}) {
        EXPECT_FALSE(parse_csp_report(bad)) << bad;
    }
}

}  // namespace
}  // namespace coredepot::http
