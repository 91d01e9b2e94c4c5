#include "http/byte_range.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr std::uint64_t kSize = 100'000;

TEST(SingleRange, IsCutOffAtTheEndOfTheFile) {
    struct Case {
        const char* header;
        std::uint64_t first;
        std::uint64_t length;
    };
    for (const auto& [header, first, length] :
         {Case{"bytes=0-0", 0, 1}, Case{"bytes=0-4095", 0, 4096}, Case{"bytes=99999-", 99'999, 1},
          Case{"bytes=99000-200000", 99'000, 1000}, Case{"bytes=-1", 99'999, 1},
          Case{"bytes=-100000", 0, kSize}, Case{"bytes=-200000", 0, kSize},
          Case{"bytes=0-18446744073709551615", 0, kSize}}) {
        const auto range = single_range(header, kSize);
        ASSERT_TRUE(range) << header;
        EXPECT_EQ(range->first, first) << header;
        EXPECT_EQ(range->length, length) << header;
    }
}

TEST(SingleRange, IsNoneWhereTheWebServerHasToDecide) {
    for (const auto* header : {"",
                               "bytes",
                               "bytes=",
                               "bytes=-",
                               "bytes=a-b",
                               "bytes=1",
                               "bytes=5-4",
                               "bytes=0-1,2-3",
                               "bytes=0-1, 2-3",
                               "bytes= 0-1",
                               "bytes=0-1 ",
                               "bytes=+0-1",
                               "bytes=0--1",
                               "bytes=--1",
                               "bytes=-0",
                               "bytes=100000-",
                               "bytes=100000-100001",
                               "bytes=0-18446744073709551616",
                               "bytes=18446744073709551616-",
                               "Bytes=0-1",
                               "items=0-1"}) {
        EXPECT_FALSE(single_range(header, kSize)) << header;
    }
    for (const auto* header : {"bytes=0-0", "bytes=0-", "bytes=-1"}) {
        EXPECT_FALSE(single_range(header, 0)) << header;
    }
}

constexpr const char* kTag = R"("abc")";

Request request(const char* method, std::optional<std::string> if_range) {
    Request request;
    request.method = method;
    request.range = "bytes=10-19";
    request.if_range = std::move(if_range);
    return request;
}

TEST(RequestedRange, IsOfTheFileThatIfRangeNames) {
    EXPECT_TRUE(requested_range(request("GET", std::nullopt), kTag, kSize, 10));
    EXPECT_TRUE(requested_range(request("GET", kTag), kTag, kSize, 10));
    for (const auto* other : {R"("x")", R"(W/"abc")", "abc", "Fri, 01 Jan 2100 00:00:00 GMT"}) {
        EXPECT_FALSE(requested_range(request("GET", other), kTag, kSize, 10)) << other;
    }
}

TEST(RequestedRange, IsForTheWebServerWhenItIsLongOrThereIsNoBody) {
    EXPECT_FALSE(requested_range(request("GET", std::nullopt), kTag, kSize, 9));
    EXPECT_FALSE(requested_range(request("HEAD", std::nullopt), kTag, kSize, 10));
    EXPECT_FALSE(requested_range(Request(), kTag, kSize, 10));
}

TEST(PartialContent, SaysWhichBytesOfWhichFileItHas) {
    const auto response =
        partial_content({"/_internal/x", "firmware-a.bin", kTag}, {10, 3}, kSize, "xyz");
    EXPECT_EQ(response.status, 206);
    EXPECT_EQ(response.body, "xyz");
    const decltype(response.headers) expected = {
        {"Content-Type", "application/octet-stream"},
        {"Content-Disposition", "attachment; filename=\"firmware-a.bin\""},
        {"ETag", kTag},
        {"Content-Range", "bytes 10-12/100000"}};
    EXPECT_EQ(response.headers, expected);
}

}  // namespace
}  // namespace coredepot::http
