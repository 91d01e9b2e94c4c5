#include "objects/request_signature.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "sha256.hpp"

namespace coredepot::objects {
namespace {

using namespace std::chrono_literals;

const std::string kOfNothing = sha256_hex("");

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const AccessKey kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                         "us-east-1"};
const Timestamp kExampleMoment = *from_iso8601("2013-05-24T00:00:00Z");

SignedRequest example(const std::string& method, const std::string& path, Fields query = {},
                      Fields headers = {}) {
    return {method,    "examplebucket.s3.amazonaws.com", path, std::move(query), std::move(headers),
            kOfNothing};
}

std::string value_of(const Fields& fields, const std::string& name) {
    const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
    return found == fields.end() ? "" : found->second;
}

/// What is in Authorization: the names, and the signature.
std::string authorization(const SignedRequest& request) {
    constexpr std::string_view kBegin =
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=";
    const auto value = value_of(signed_headers(request, kExample, kExampleMoment), "Authorization");
    return value.starts_with(kBegin) ? value.substr(kBegin.size()) : "another: " + value;
}

TEST(Signature, OfAGetWithARange) {
    EXPECT_EQ(authorization(example("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}})),
              "host;range;x-amz-content-sha256;x-amz-date,Signature="
              "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(Signature, OfAPutWhosePathIsEncodedOnce) {
    auto request = example(
        "PUT", "/test$file.text", {},
        {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}});
    request.payload_sha256 = sha256_hex("Welcome to Amazon S3.");
    EXPECT_EQ(target_of(request), "/test%24file.text");
    EXPECT_EQ(authorization(request),
              "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature="
              "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(Signature, OfAParameterWithoutAValue) {
    EXPECT_EQ(authorization(example("GET", "/", {{"lifecycle", ""}})),
              "host;x-amz-content-sha256;x-amz-date,Signature="
              "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(Signature, OfAListWhoseQueryIsSorted) {
    const auto request = example("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}});
    EXPECT_EQ(target_of(request), "/?max-keys=2&prefix=J");
    EXPECT_EQ(authorization(request),
              "host;x-amz-content-sha256;x-amz-date,Signature="
              "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST(Signature, OfATargetThatAnybodyMayAskFor) {
    EXPECT_EQ(
        presigned_target(example("GET", "/test.txt"), kExample, kExampleMoment, 24h),
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F"
        "20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
        "&X-Amz-SignedHeaders=host&X-Amz-Signature="
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

/// A case of aws-sig-v4-test-suite: its name there, the request, its signature.
struct Case {
    const char* name;
    const char* method;
    Fields query;
    Fields headers;
    const char* body;
    const char* signature;
};

class PublishedSignature : public testing::TestWithParam<Case> {};

TEST_P(PublishedSignature, IsOurs) {
    const auto& [name, method, query, headers, body, expected] = GetParam();
    const AccessKey access_key{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                               "us-east-1", "service"};
    auto all = headers;
    all.emplace_back("X-Amz-Date", "20150830T123600Z");
    EXPECT_EQ(
        signature({method, "example.amazonaws.com", "/", query, std::move(all), sha256_hex(body)},
                  access_key, *from_iso8601("2015-08-30T12:36:00Z")),
        expected);
}

INSTANTIATE_TEST_SUITE_P(
    , PublishedSignature,
    testing::Values(
        Case{"get-vanilla",
             "GET",
             {},
             {},
             "",
             "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        Case{"post-vanilla",
             "POST",
             {},
             {},
             "",
             "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        Case{"get-vanilla-query-order-key-case",
             "GET",
             {{"Param2", "value2"}, {"Param1", "value1"}},
             {},
             "",
             "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        Case{"get-vanilla-utf8-query",
             "GET",
             {{"\u1234", "bar"}},
             {},
             "",
             "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        Case{"get-header-key-duplicate",
             "GET",
             {},
             {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
             "",
             "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
        Case{"get-header-value-trim",
             "GET",
             {},
             {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
             "",
             "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        Case{"post-x-www-form-urlencoded",
             "POST",
             {},
             {{"Content-Type", "application/x-www-form-urlencoded"}},
             "Param1=value1",
             "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"}),
    [](const auto& info) {
        std::string name = info.param.name;
        std::ranges::replace(name, '-', '_');
        return name;
    });

TEST(Signature, ANameThatAnotherBeginsWithComesFirst) {
    const auto request =
        example("PUT", "/key", {}, {{"x-amz-meta-record-2", "a"}, {"x-amz-meta-record", "z"}});
    EXPECT_TRUE(authorization(request).starts_with(
        "host;x-amz-content-sha256;x-amz-date;x-amz-meta-record;x-amz-meta-record-2,"));
}

TEST(Signature, EachByteOfAKeyThatIsNotPlainIsEncoded) {
    EXPECT_EQ(target_of(example("GET", "/bucket/a b+c%41/\u00e9~")),
              "/bucket/a%20b%2Bc%2541/%C3%A9~");
}

}  // namespace
}  // namespace coredepot::objects
