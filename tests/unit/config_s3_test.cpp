// What the configuration says of an object store.

#include "unit/config_test.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::complaint;
using test::least;
using test::load;
using test::Settings;

/// A bucket's least.
Settings bucket() {
    return {{"COREDUMPS_DIR", "/srv/dumps"},
            {"S3_ENDPOINT", "https://Store.example:443/"},
            {"S3_BUCKET", "dumps"},
            {"S3_ACCESS_KEY_ID", "id"},
            {"S3_SECRET_ACCESS_KEY", "secret"}};
}

/// The complaint about a bucket with these settings beside or in place of the least.
std::string bucket_complaint(Settings settings) {
    settings.merge(bucket());
    settings.merge(least());
    return complaint(settings);
}

TEST(Config, ABucket) {
    auto config = load(bucket());
    ASSERT_TRUE(config.s3);
    EXPECT_EQ(config.s3->endpoint, "https://store.example");
    EXPECT_EQ(config.s3->bucket, "dumps");
    EXPECT_EQ(config.s3->region, "us-east-1");
    EXPECT_EQ(config.s3->prefix, "");
    EXPECT_EQ(config.s3->timeout, 4s);
    EXPECT_EQ(config.state_dir, "/srv/dumps");
    EXPECT_EQ(config.cache_max_bytes, 10'737'418'240U);

    auto settings = bucket();
    settings.erase("S3_SECRET_ACCESS_KEY");
    settings.erase("COREDUMPS_DIR");
    settings.merge(Settings{{"S3_SECRET_ACCESS_KEY_FILE", "/etc/secret"},
                            {"S3_REGION", "eu-1"},
                            {"S3_PREFIX", "core/depot"},
                            {"S3_CA_FILE", "/etc/ca.pem"},
                            {"S3_TIMEOUT_SECONDS", "9"},
                            {"STATE_DIR", "/srv/state"},
                            {"CACHE_MAX_BYTES", "100000000"},
                            {"ASSETS_DIR", ""}});
    config = load(settings);
    ASSERT_TRUE(config.s3);
    EXPECT_EQ(config.s3->secret_access_key_file, "/etc/secret");
    EXPECT_FALSE(config.s3->secret_access_key);
    EXPECT_EQ(config.s3->region, "eu-1");
    EXPECT_EQ(config.s3->prefix, "core/depot/");
    EXPECT_EQ(config.s3->ca_file, "/etc/ca.pem");
    EXPECT_EQ(config.s3->timeout, 9s);
    EXPECT_EQ(config.state_dir, "/srv/state");
    EXPECT_EQ(config.assets_dir, "/srv/state/assets");
    EXPECT_FALSE(config.coredumps_dir);
    EXPECT_EQ(config.cache_max_bytes, 100'000'000U);
}

TEST(Config, ABucketsMistakesAreNamedAtOnce) {
    EXPECT_EQ(complaint({{"DATABASE_URL", "postgresql://u@db/coredepot"},
                         {"OIDC_ENABLED", "false"},
                         {"S3_ENDPOINT", "store.example"},
                         {"S3_PREFIX", "/a"},
                         {"S3_TIMEOUT_SECONDS", "0"}}),
              "bad configuration: S3_ENDPOINT must be an http:// or https:// URL of a host, maybe "
              "with a port; S3_BUCKET is required when S3_ENDPOINT is set; S3_PREFIX must be at "
              "most 255 letters, digits and -._/, without a slash at its beginning; "
              "S3_ACCESS_KEY_ID is required when S3_ENDPOINT is set; S3_SECRET_ACCESS_KEY or "
              "S3_SECRET_ACCESS_KEY_FILE is required when S3_ENDPOINT is set, and not both; "
              "S3_TIMEOUT_SECONDS must be a whole number from 1 to 60; STATE_DIR or COREDUMPS_DIR "
              "is required when S3_ENDPOINT is set; ASSETS_DIR is required");
    EXPECT_EQ(complaint("S3_BUCKET", "dumps"),
              "bad configuration: S3_BUCKET has no effect without S3_ENDPOINT");
    EXPECT_EQ(bucket_complaint({{"S3_SECRET_ACCESS_KEY_FILE", "/etc/secret"}}),
              "bad configuration: S3_SECRET_ACCESS_KEY or S3_SECRET_ACCESS_KEY_FILE is required "
              "when S3_ENDPOINT is set, and not both");
}

TEST(Config, AnEndpointIsAHostAlone) {
    for (const auto* good : {"https://store.example", "https://192.0.2.1:7480", "https://[::1]/"}) {
        EXPECT_EQ(bucket_complaint({{"S3_ENDPOINT", good}}), "") << good;
    }
    for (const auto* bad : {"https://store.example/path", "https://u:p@store.example",
                            "https://store.example?x", "https://store.example#x", "https:///x",
                            "ftp://store.example", "https://store.example\""}) {
        EXPECT_EQ(bucket_complaint({{"S3_ENDPOINT", bad}}),
                  "bad configuration: S3_ENDPOINT must be an http:// or https:// URL of a host, "
                  "maybe with a port")
            << bad;
    }
}

TEST(Config, WithoutTlsAStoreIsNearOrSaidToBe) {
    for (const auto* good : {"http://127.0.0.1:7480", "http://localhost", "http://10.1.2.3:9000",
                             "http://[::1]:7480", "http://[fd00::1]", "http://192.168.0.9"}) {
        EXPECT_EQ(bucket_complaint({{"S3_ENDPOINT", good}}), "") << good;
    }
    for (const auto* far : {"http://store.example", "http://8.8.8.8:9000", "http://[2600::1]"}) {
        EXPECT_EQ(bucket_complaint({{"S3_ENDPOINT", far}}),
                  "bad configuration: S3_ENDPOINT must be an https:// URL, unless its host is "
                  "localhost or an address of a private network, or S3_ALLOW_HTTP is true")
            << far;
        EXPECT_EQ(bucket_complaint({{"S3_ENDPOINT", far}, {"S3_ALLOW_HTTP", "true"}}), "") << far;
    }
}

}  // namespace
}  // namespace coredepot
