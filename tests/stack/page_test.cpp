// The page's files as nginx sends them. What is in them is looked at in a browser: tests/browser.

#include <regex>

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

/// By another name, because what stack().url() answers has to be described in docs/openapi.yaml,
/// and the page is no part of the API.
HttpClient browser() {
    return HttpClient::of_others("http://localhost:" + std::to_string(stack().port()));
}

/// Where the page's scripts and styles are, as it says itself.
std::vector<std::string> assets() {
    const auto page = browser().get("/").body;
    static const std::regex address(R"re("(/assets/[^"]+)")re");
    std::vector<std::string> found;
    for (std::sregex_iterator match(page.begin(), page.end(), address), end; match != end; ++match)
        found.push_back((*match)[1]);
    return found;
}

void expect_locked_up(const HttpResponse& response) {
    const auto policy = response.header("content-security-policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self';")) << policy;
    EXPECT_EQ(response.header("x-content-type-options"), "nosniff");
}

TEST(Page, IsTheSameFileAtEachOfItsPlaces) {
    auto client = browser();
    const auto first = client.get("/");
    ASSERT_EQ(first.status, 200) << first;
    EXPECT_EQ(first.header("content-type"), "text/html; charset=utf-8");
    for (const auto* place :
         {"/?tab=open", "/issues/THERMOSTAT-1", "/coredumps/17", "/devices", "/devices/",
          "/devices?q=kitchen", "/devices/3", "/firmware", "/status"}) {
        const auto response = client.get(place);
        EXPECT_EQ(response.status, 200) << place;
        EXPECT_EQ(response.body, first.body) << place;
        expect_locked_up(response);
    }
}

TEST(Page, IsAskedForEachTimeAndItsAssetsNever) {
    auto client = browser();
    const auto page = client.get("/");
    EXPECT_EQ(page.header("cache-control"), "no-cache");
    EXPECT_TRUE(page.all("etag").empty()) << "made of time and size, it says nothing";
    EXPECT_TRUE(page.all("last-modified").empty());
    ASSERT_GE(assets().size(), 2U);
    for (const auto& asset : assets()) {
        const auto response = client.get(asset);
        ASSERT_EQ(response.status, 200) << asset;
        EXPECT_EQ(response.header("cache-control"), "public, max-age=31536000, immutable");
        EXPECT_EQ(response.header("content-type"), asset.ends_with(".css")
                                                       ? "text/css; charset=utf-8"
                                                       : "text/javascript; charset=utf-8");
        expect_locked_up(response);
        const auto etag = "If-None-Match: " + response.header("etag");
        EXPECT_EQ(client.get(asset, {etag}).status, 304);
    }
}

// An engineer on a train; and no part of it may have been left uncompressed.
TEST(Page, IsAtMost120KilobytesCompressed) {
    auto client = browser();
    auto files = assets();
    files.emplace_back("/");
    std::size_t size = 0;
    for (const auto& file : files) {
        const auto response = client.get(file, {"Accept-Encoding: gzip"});
        EXPECT_EQ(response.header("content-encoding"), "gzip") << file;
        EXPECT_EQ(response.header("vary"), "Accept-Encoding") << file;
        size += std::stoul(response.header("content-length"));
    }
    EXPECT_LE(size, 120'000U);
}

TEST(Page, ErrorsBesideItAreThoseOfTheApi) {
    auto client = browser();
    // An asset of the version before, a folder, places that there are not, what is beside the files
    // that are sent.
    for (const auto* path : {"/assets/main-OLDOLD12.js", "/assets/", "/assets", "/index.html",
                             "/nothing", "/devices/3/x", "/assets/../index.html",
                             "/assets/..%2findex.html", "/assets/.hidden", "/devices%0a"}) {
        const auto response = client.get(path);
        EXPECT_TRUE(is_error(response, 404, "RECORD_NOT_FOUND")) << path;
        EXPECT_TRUE(response.all("cache-control").empty()) << path;
    }
    const auto response = client.post("/devices", "x");
    EXPECT_TRUE(is_error(response, 405, "METHOD_NOT_ALLOWED"));
    EXPECT_EQ(response.header("allow"), "GET, HEAD");
    EXPECT_EQ(client.head("/").status, 200);
}

}  // namespace
