// What the API promises of every response, in one place: HttpClient calls it for each.

#include <algorithm>
#include <map>

#include "support/http_client.hpp"

namespace coredepot::test {
namespace {

void expect_error_shape(const HttpResponse& response) {
    EXPECT_TRUE(response.header("content-type").starts_with("application/json"));
    const auto error = response.json();
    if (error.has("database")) return;  // /health says the same whether it is well or not
    EXPECT_FALSE(error.at("error").text().empty());
    EXPECT_FALSE(error.at("details").at("message").text().empty());
    EXPECT_FALSE(error.at("code").text().empty());
    EXPECT_EQ(error.at("correlationId").text(), response.header("x-request-id"));
}

/// Headers that a status brings along, whoever answers it.
void expect_error_headers(const HttpResponse& response) {
    static const std::map<int, std::string> required_by_status = {
        {401, "www-authenticate"}, {405, "allow"}, {429, "retry-after"}, {503, "retry-after"}};
    const auto required = required_by_status.find(response.status);
    if (required == required_by_status.end()) return;
    EXPECT_EQ(response.all(required->second).size(), 1U) << required->second;
}

}  // namespace

void expect_contract(const HttpResponse& response, const std::string& what, bool has_body) {
    const testing::ScopedTrace trace(__FILE__, __LINE__,
                                     what + "\n" + testing::PrintToString(response));
    constexpr std::size_t kHexDigits = 32;
    EXPECT_EQ(response.all("x-request-id").size(), 1U);
    EXPECT_EQ(response.header("x-request-id").size(), kHexDigits);
    for (const auto* internal : {"x-accel-redirect", "x-etag", "status", "x-powered-by"}) {
        EXPECT_TRUE(response.all(internal).empty()) << internal;
    }
    for (const auto* once : {"content-type", "content-length", "etag", "content-disposition"}) {
        EXPECT_LE(response.all(once).size(), 1U) << once;
    }
    if (response.status < 400) return;
    expect_error_headers(response);
    EXPECT_TRUE(response.all("etag").empty());
    EXPECT_TRUE(response.all("content-disposition").empty());
    if (!has_body) return;
    if (response.status == 416 && response.body.empty()) {  // of firmware: a device may write it
        EXPECT_TRUE(response.all("content-type").empty());
        return;
    }
    try {
        expect_error_shape(response);
    } catch (const std::exception& fault) {
        ADD_FAILURE() << fault.what();
    }
}

testing::AssertionResult is_error(const HttpResponse& response, int status, const std::string& code,
                                  const std::string& text) {
    const auto unexpected = [&](const std::string& what) {
        return testing::AssertionFailure() << what << "\n" << testing::PrintToString(response);
    };
    try {
        const auto error = response.json();
        if (response.status != status) return unexpected("not " + std::to_string(status));
        if (error.at("code").text() != code) return unexpected("not " + code);
        if (!text.empty() && error.at("error").text() != text) return unexpected("not: " + text);
        if (!text.empty() && error.at("details").at("message").text().empty()) {
            return unexpected("no details");
        }
    } catch (const std::exception& fault) {
        return unexpected(fault.what());
    }
    return testing::AssertionSuccess();
}

}  // namespace coredepot::test
