// The description of the API, which is a file that nginx sends.

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings(); });

constexpr const char* kPath = "/api/docs/openapi.yaml";

TEST(Description, IsTheOneInTheSource) {
    const auto response = stack().client().get(kPath);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-type"), "application/yaml");
    EXPECT_EQ(response.body, read_bytes(COREDEPOT_SOURCE_DIR "/docs/openapi.yaml"));
}

TEST(Description, IsNotSentAgain) {
    auto client = stack().client();
    const auto etag = client.get(kPath).header("etag");
    EXPECT_EQ(client.get(kPath, {"If-None-Match: " + etag}).status, 304);
    EXPECT_EQ(client.head(kPath).status, 200);
}

TEST(Description, OnlyReads) {
    for (const auto* method : {"POST", "PUT", "DELETE"}) {
        const auto response = stack().client().send({method, kPath, "x", {}});
        EXPECT_TRUE(is_error(response, 405, "METHOD_NOT_ALLOWED"));
        EXPECT_EQ(response.header("allow"), "GET, HEAD");
    }
    EXPECT_EQ(stack().client().get("/api/docs/").status, 404);
    EXPECT_EQ(stack().client().get("/api/docs/openapi.yaml/").status, 404);
}

}  // namespace
