#include "unit/config_test.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::complaint;
using test::least;
using test::load;
using test::Settings;
using test::variables;

TEST(Config, ATokenUrlIsForAScript) {
    EXPECT_EQ(complaint("OIDC_TOKEN_URL", "https://id.example/o/token/"), "");
    for (const auto* bad :
         {"id.example/token", "https://", "https://x/$(id)", "https://x/\"", "https://x/`"}) {
        EXPECT_EQ(
            complaint("OIDC_TOKEN_URL", bad),
            "bad configuration: OIDC_TOKEN_URL must be an http:// or https:// URL of letters, "
            "digits and -._~:/?[]=%+,");
    }
    const auto config = load({{"OIDC_ENABLED", "true"},
                              {"OIDC_ISSUER_URL", "https://id.example"},
                              {"OIDC_CLIENT_ID", "coredepot"},
                              {"OIDC_TOKEN_URL", "https://id.example/o/token/"}});
    EXPECT_EQ(config.oidc->token_url, "https://id.example/o/token/");
}

TEST(Config, Defaults) {
    const auto config = load({});
    EXPECT_EQ(config.database_url, "postgresql://u:secret@db/coredepot");
    EXPECT_EQ(config.assets_dir, "/srv/assets");
    EXPECT_FALSE(config.coredumps_dir);
    EXPECT_EQ(config.max_coredumps, 20);
    EXPECT_FALSE(config.file_limits.max_bytes);
    EXPECT_EQ(config.file_limits.min_free_percent, 0);
    EXPECT_FALSE(config.file_limits.max_age);
    EXPECT_EQ(config.file_limits.keep_per_signature, 50);
    EXPECT_FALSE(config.metrics_dir);
    EXPECT_EQ(config.retention, Retention::Oldest);
    EXPECT_FALSE(config.deduplicate);
    EXPECT_EQ(config.spool_max_bytes, 1'073'741'824U);
    EXPECT_EQ(config.upload_limit.burst, 300);
    EXPECT_EQ(config.upload_limit.refill, 1s);
    EXPECT_FALSE(config.sidecar_url);
    EXPECT_FALSE(config.sidecar_xfer_dir);
    EXPECT_EQ(config.parse_retry_pauses, (std::vector<std::chrono::seconds>{5s, 60s}));
    EXPECT_EQ(config.max_firmware_bytes, 33'554'432U);
    EXPECT_EQ(config.keep_elves, 20);
    EXPECT_FALSE(config.oidc);
    EXPECT_FALSE(config.base_url);
}

TEST(Config, AScopeIsWordsAndOpenidAmongThem) {
    Settings settings{{"OIDC_ENABLED", "true"},
                      {"OIDC_ISSUER_URL", "https://id.example"},
                      {"OIDC_CLIENT_ID", "coredepot"}};
    EXPECT_EQ(load(settings).oidc->scope, "openid profile");
    settings.merge(least());
    for (const auto* bad : {"profile", "openidx", "openid \"", "openid\n", "openid a\\b"}) {
        settings["OIDC_SCOPE"] = bad;
        EXPECT_EQ(
            complaint(settings),
            "bad configuration: OIDC_SCOPE must be words with spaces between them, and openid "
            "one of them")
            << bad;
    }
    settings["OIDC_SCOPE"] = "email openid";
    settings["SESSION_KEY_FILE"] = "session.keys";
    EXPECT_EQ(complaint(settings), "bad configuration: SESSION_KEY_FILE must be an absolute path");
}

TEST(Config, EverythingSet) {
    const auto config = load({{"COREDUMPS_DIR", "/srv/dumps"},
                              {"MAX_COREDUMPS", "3"},
                              {"RETENTION", "diverse"},
                              {"COREDUMPS_MAX_BYTES", "500000000000"},
                              {"COREDUMPS_MIN_FREE", "10"},
                              {"COREDUMPS_MAX_AGE_DAYS", "400"},
                              {"KEEP_PER_ISSUE", "5"},
                              {"DEDUPLICATE", "true"},
                              {"SPOOL_MAX_BYTES", "5000000000"},
                              {"UPLOAD_BURST", "10"},
                              {"UPLOAD_RATE_PER_MINUTE", "120"},
                              {"PARSE_SIDECAR_URL", "http://127.0.0.1:8081"},
                              {"PARSE_SIDECAR_XFER_DIR", "/srv/xfer"},
                              {"METRICS_DIR", "/run/coredepot/metrics"},
                              {"PARSE_RETRY_SECONDS", "0,7"},
                              {"PARSE_CONCURRENCY", "8"},
                              {"PARSE_WATCH", "true"},
                              {"MAX_FIRMWARE_BYTES", "1000"},
                              {"KEEP_ELFS", "0"},
                              {"OIDC_ENABLED", "true"},
                              {"OIDC_ISSUER_URL", "https://id.example/realms/iot"},
                              {"OIDC_CLIENT_ID", "coredepot"},
                              {"OIDC_AUDIENCE", "devices"},
                              {"OIDC_CLOCK_SKEW_SECONDS", "0"},
                              {"OIDC_ROLES_CLAIM", "https://depot.example/roles"},
                              {"OIDC_DEVICE_CLAIM", "cid"},
                              {"OIDC_CA_FILE", "/etc/coredepot/issuer-ca.pem"},
                              {"OIDC_TOKEN_URL", "https://id.example/token"},
                              {"OIDC_CLIENT_SECRET", "s3cret"},
                              {"OIDC_SCOPE", "openid fleet"},
                              {"SESSION_KEY_FILE", "/etc/coredepot/session.keys"},
                              {"ALERT_ALLOWED_NETWORKS", "10.0.0.0/8 fd00::/8 192.0.2.7"},
                              {"ALERT_SMTP_URL", "smtps://mail.example:465"},
                              {"ALERT_SMTP_USER", "depot"},
                              {"ALERT_SMTP_PASSWORD_FILE", "/etc/coredepot/smtp-password"},
                              {"ALERT_SMTP_TLS", "false"},
                              {"ALERT_MAIL_FROM", "depot@example.com"},
                              {"ALERT_SPIKE_COREDUMPS", "7"},
                              {"ALERT_SPIKE_DEVICES", "3"},
                              {"ALERT_DIGEST_HOUR", "0"},
                              {"BASEURL", "https://depot.example"}});
    EXPECT_EQ(config.alerts.allowed_networks.size(), 3U);
    EXPECT_EQ(config.alerts.smtp_url, "smtps://mail.example:465");
    EXPECT_EQ(config.alerts.smtp_user, "depot");
    EXPECT_EQ(config.alerts.smtp_password_file, "/etc/coredepot/smtp-password");
    EXPECT_FALSE(config.alerts.smtp_requires_tls);
    EXPECT_EQ(config.alerts.mail_from, "depot@example.com");
    EXPECT_EQ(config.alerts.spike_occurrences, 7);
    EXPECT_EQ(config.alerts.spike_devices, 3);
    EXPECT_EQ(config.alerts.digest_hour, 0);
    EXPECT_EQ(config.coredumps_dir, "/srv/dumps");
    EXPECT_EQ(config.max_coredumps, 3);
    EXPECT_EQ(config.retention, Retention::Diverse);
    EXPECT_EQ(config.file_limits.max_bytes, 500'000'000'000U);
    EXPECT_EQ(config.file_limits.min_free_percent, 10);
    EXPECT_EQ(config.file_limits.max_age, std::chrono::days(400));
    EXPECT_EQ(config.file_limits.keep_per_signature, 5);
    EXPECT_TRUE(config.deduplicate);
    EXPECT_EQ(config.spool_max_bytes, 5'000'000'000U);
    EXPECT_EQ(config.upload_limit.burst, 10);
    EXPECT_EQ(config.upload_limit.refill, 500ms);
    EXPECT_EQ(config.sidecar_url, "http://127.0.0.1:8081");
    EXPECT_EQ(config.sidecar_xfer_dir, "/srv/xfer");
    EXPECT_EQ(config.metrics_dir, "/run/coredepot/metrics");
    EXPECT_EQ(config.parse_retry_pauses, (std::vector<std::chrono::seconds>{0s, 7s}));
    EXPECT_EQ(config.parse_concurrency, 8);
    EXPECT_TRUE(config.parse_watch);
    EXPECT_EQ(config.max_firmware_bytes, 1000U);
    EXPECT_EQ(config.keep_elves, 0);
    ASSERT_TRUE(config.oidc);
    EXPECT_EQ(config.oidc->issuer_url, "https://id.example/realms/iot");
    EXPECT_EQ(config.oidc->client_id, "coredepot");
    EXPECT_EQ(config.oidc->audience, "devices");
    EXPECT_EQ(config.oidc->client_secret, "s3cret");
    EXPECT_EQ(config.oidc->scope, "openid fleet");
    EXPECT_EQ(config.oidc->session_key_file, "/etc/coredepot/session.keys");
    EXPECT_EQ(config.oidc->clock_skew, 0s);
    EXPECT_EQ(config.oidc->roles_claim, "https://depot.example/roles");
    EXPECT_EQ(config.oidc->device_claim, "cid");
    EXPECT_EQ(config.oidc->ca_file, "/etc/coredepot/issuer-ca.pem");
    EXPECT_TRUE(config.oidc->clients_without_audience.empty());
    EXPECT_EQ(config.oidc->token_url, "https://id.example/token");
    EXPECT_EQ(config.base_url, "https://depot.example");
}

TEST(Config, BackupsAreStampedWhereTheyAreMade) {
    EXPECT_FALSE(load({{"BACKUP_STAMP", "/var/lib/x"}}).backup_stamp);
    EXPECT_EQ(load({{"BACKUP_STAMP", "/var/lib/x"}, {"BACKUP_DIR", "/backup"}}).backup_stamp,
              "/var/lib/x");
    EXPECT_EQ(complaint("BACKUP_DIR", "backup"),
              "bad configuration: BACKUP_DIR must be an absolute path");
    EXPECT_EQ(complaint("BACKUP_DIR", "/srv/assets-backup"), "");
    EXPECT_EQ(complaint("BACKUP_DIR", "/srv/x/../assets/backup/"),
              "bad configuration: BACKUP_DIR must not be in COREDUMPS_DIR or ASSETS_DIR");
    EXPECT_EQ(complaint("BACKUP_KEEP", "0"),
              "bad configuration: BACKUP_KEEP must be a whole number from 1 to 10000");
}

TEST(Config, SetButEmptyMeansUnset) {
    const auto config = load({{"COREDUMPS_DIR", ""},
                              {"MAX_COREDUMPS", ""},
                              {"UPLOAD_BURST", ""},
                              {"UPLOAD_RATE_PER_MINUTE", ""},
                              {"PARSE_SIDECAR_URL", ""},
                              {"PARSE_SIDECAR_XFER_DIR", ""},
                              {"PARSE_RETRY_SECONDS", ""},
                              {"PARSE_CONCURRENCY", ""},
                              {"PARSE_WATCH", ""},
                              {"MAX_FIRMWARE_BYTES", ""},
                              {"OIDC_CLOCK_SKEW_SECONDS", ""},
                              {"OIDC_TOKEN_URL", ""},
                              {"BASEURL", ""}});
    EXPECT_FALSE(config.coredumps_dir);
    EXPECT_EQ(config.max_coredumps, 20);
    EXPECT_EQ(config.parse_concurrency, 2);
    EXPECT_FALSE(config.parse_watch);
    EXPECT_FALSE(config.sidecar_url);
    EXPECT_FALSE(config.sidecar_xfer_dir);
    EXPECT_EQ(config.parse_retry_pauses.size(), 2U);
    EXPECT_EQ(config.max_firmware_bytes, 33'554'432U);
    EXPECT_FALSE(config.base_url);
}

TEST(Config, RequiredKeysMustNotBeEmptyEither) {
    EXPECT_EQ(complaint({{"DATABASE_URL", ""}, {"ASSETS_DIR", ""}, {"OIDC_ENABLED", "false"}}),
              "bad configuration: DATABASE_URL is required; ASSETS_DIR is required");
}

TEST(Config, TokensAreCheckedUnlessSwitchedOff) {
    EXPECT_EQ(complaint({{"DATABASE_URL", "postgresql:///x"}, {"ASSETS_DIR", "/srv/assets"}}),
              "bad configuration: OIDC_ISSUER_URL is required when OIDC_ENABLED is true; "
              "OIDC_CLIENT_ID is required when OIDC_ENABLED is true");
}

TEST(Config, AudienceIsTheClientIdUnlessSet) {
    const auto config = load({{"OIDC_ENABLED", "1"},
                              {"OIDC_ISSUER_URL", "https://id.example"},
                              {"OIDC_CLIENT_ID", "coredepot"}});
    ASSERT_TRUE(config.oidc);
    EXPECT_EQ(config.oidc->audience, "coredepot");
    EXPECT_EQ(config.oidc->clock_skew, 30s);
    EXPECT_FALSE(config.oidc->roles_claim);
    EXPECT_FALSE(config.oidc->token_url);
}

TEST(Config, EveryBadKeyIsNamedAtOnceAndNoValueIsRepeated) {
    const Settings bad{{"COREDUMPS_DIR", "relative/wrong"},
                       {"ASSETS_DIR", "also/wrong"},
                       {"MAX_COREDUMPS", "wrong"},
                       {"COREDUMPS_MAX_BYTES", "wrong"},
                       {"COREDUMPS_MIN_FREE", "wrong"},
                       {"COREDUMPS_MAX_AGE_DAYS", "wrong"},
                       {"KEEP_PER_ISSUE", "wrong"},
                       {"PARSE_SIDECAR_URL", "wrong://u:wrong@x"},
                       {"PARSE_SIDECAR_XFER_DIR", "./wrong"},
                       {"METRICS_DIR", "wrong"},
                       {"PARSE_RETRY_SECONDS", "wrong"},
                       {"PARSE_CONCURRENCY", "0 wrong"},
                       {"PARSE_WATCH", "wrong"},
                       {"MAX_FIRMWARE_BYTES", "wrong"},
                       {"KEEP_ELFS", "wrong"},
                       {"OIDC_ENABLED", "wrong"},
                       {"OIDC_ISSUER_URL", "wrong"},
                       {"OIDC_CLOCK_SKEW_SECONDS", "wrong"},
                       {"OIDC_TOKEN_URL", "wrong"},
                       {"ALERT_ALLOWED_NETWORKS", "10.0.0.0/8 wrong"},
                       {"ALERT_SMTP_URL", "http://wrong"},
                       {"ALERT_SMTP_USER", "wrong"},
                       {"ALERT_SMTP_TLS", "wrong"},
                       {"ALERT_MAIL_FROM", "wrong"},
                       {"ALERT_SPIKE_COREDUMPS", "wrong"},
                       {"ALERT_SPIKE_DEVICES", "wrong"},
                       {"ALERT_DIGEST_HOUR", "wrong"},
                       {"BASEURL", "wrong"}};
    const auto text = complaint(bad);
    for (const auto& [name, value] : bad) {
        EXPECT_NE(text.find(name + ' '), std::string::npos) << name << " is not in: " << text;
    }
    EXPECT_NE(text.find("DATABASE_URL is required"), std::string::npos) << text;
    EXPECT_NE(text.find("OIDC_CLIENT_ID is required"), std::string::npos) << text;
    EXPECT_EQ(text.find("wrong"), std::string::npos) << text;
}

TEST(Config, WhatMailNeedsComesTogether) {
    EXPECT_EQ(complaint("ALERT_SMTP_URL", "smtp://mail.example"),
              "bad configuration: ALERT_MAIL_FROM is required when ALERT_SMTP_URL is set");
    EXPECT_EQ(complaint("ALERT_SMTP_USER", "depot"),
              "bad configuration: ALERT_SMTP_USER and ALERT_SMTP_PASSWORD_FILE go together");
    for (const auto* bad : {"smtp://", "smtp://u:p@x", "smtp://x/y", "x", "smtp://a\r\nb"}) {
        EXPECT_NE(complaint("ALERT_SMTP_URL", bad), "") << bad;
    }
    for (const auto* bad : {"@x", "x@", "a@b@c", "a@b\r\nBcc: c@d", "<a@b>", "a b@c"}) {
        EXPECT_NE(complaint("ALERT_MAIL_FROM", bad), "") << bad;
    }
    for (const auto* bad :
         {"10.0.0.1/8", "10.0.0.0/33", "::/129", "fd00::1/8", "10.0.0.0/", "/8"}) {
        EXPECT_NE(complaint("ALERT_ALLOWED_NETWORKS", bad), "") << bad;
    }
}

TEST(Config, EachComplaintSaysWhatIsAccepted) {
    EXPECT_EQ(complaint("RETENTION", "newest"),
              "bad configuration: RETENTION must be oldest or diverse");
    EXPECT_EQ(complaint("DEDUPLICATE", "yes"),
              "bad configuration: DEDUPLICATE must be true or false");
    EXPECT_EQ(complaint("SPOOL_MAX_BYTES", "-1"),
              "bad configuration: SPOOL_MAX_BYTES must be a whole number from 0 to 1099511627776");
    EXPECT_EQ(complaint("UPLOAD_BURST", "0"),
              "bad configuration: UPLOAD_BURST must be a whole number from 1 to 1000000");
    EXPECT_EQ(complaint("UPLOAD_RATE_PER_MINUTE", "-1"),
              "bad configuration: UPLOAD_RATE_PER_MINUTE must be a whole number from 0 to 60000");
    EXPECT_EQ(complaint("UPLOAD_RATE_PER_MINUTE", "0"), "");
    EXPECT_EQ(complaint("MAX_COREDUMPS", "0"),
              "bad configuration: MAX_COREDUMPS must be a whole number from 1 to 1000000");
    EXPECT_EQ(complaint("COREDUMPS_MIN_FREE", "10%"),
              "bad configuration: COREDUMPS_MIN_FREE must be a whole number from 0 to 90");
    EXPECT_EQ(complaint("KEEP_PER_ISSUE", "0"),
              "bad configuration: KEEP_PER_ISSUE must be a whole number from 1 to 1000000");
    EXPECT_EQ(complaint("OIDC_ENABLED", "maybe").find("OIDC_ENABLED must be true or false"), 19U);
    EXPECT_EQ(complaint("PARSE_RETRY_SECONDS", "5"),
              "bad configuration: PARSE_RETRY_SECONDS must be 2 whole numbers of seconds, such as "
              "5,60");
    EXPECT_EQ(
        complaint("BASEURL", "depot"),
        "bad configuration: BASEURL must be an http:// or https:// URL of letters, digits and "
        "-._~:/?[]=%+,");
    EXPECT_EQ(complaint("COREDUMPS_DIR", "dumps"),
              "bad configuration: COREDUMPS_DIR must be an absolute path");
}

TEST(Config, NumbersAreWholeAndWithinBounds) {
    for (const auto* good : {"1", "1000000"}) EXPECT_EQ(complaint("MAX_COREDUMPS", good), "");
    for (const auto* bad : {"-1", "0", "1000001", "1.5", "5x", " 5", "5 ", "+5", "0x10", "1e3",
                            "99999999999999999999"}) {
        EXPECT_NE(complaint("MAX_COREDUMPS", bad), "") << bad;
    }
}

TEST(Config, PausesAreExactlyTwo) {
    EXPECT_EQ(complaint("PARSE_RETRY_SECONDS", "86400,0"), "");
    for (const auto* bad :
         {"5", "5,", ",5", ",", "5,6,7", "5,60,", "-1,5", "5 ,60", "5,86401", "5;60", "a,b"}) {
        EXPECT_NE(complaint("PARSE_RETRY_SECONDS", bad), "") << bad;
    }
}

TEST(Config, ADatabaseUrlHasItsSpecialCharactersEncoded) {
    EXPECT_EQ(complaint("DATABASE_URL", "postgresql://u:se%cret@db/coredepot"),
              "bad configuration: DATABASE_URL must be a postgresql:// URL, in which special "
              "characters of the user's name and password are percent-encoded");
    EXPECT_EQ(complaint("DATABASE_URL", "postgresql://u:se%25cret@db/coredepot"), "");
}

TEST(Config, UrlsNeedASchemeAndAHost) {
    for (const auto* bad : {"http://", "http://a b", "https://", "http:///", "https:////",
                            "127.0.0.1:8081", "ftp://x", "HTTP", "file:///etc"}) {
        EXPECT_NE(complaint("PARSE_SIDECAR_URL", bad), "") << bad;
    }
    EXPECT_EQ(load({{"PARSE_SIDECAR_URL", "http://h:1/base/"}}).sidecar_url, "http://h:1/base");
}

TEST(Config, AnIssuersNameKeepsItsSlash) {
    const auto config = load({{"OIDC_ENABLED", "true"},
                              {"OIDC_ISSUER_URL", "https://tenant.example/"},
                              {"OIDC_CLIENT_ID", "coredepot"}});
    EXPECT_EQ(config.oidc->issuer_url, "https://tenant.example/");
    EXPECT_FALSE(config.oidc->cache_dir);
}

TEST(Config, AnAudienceAndClientsThatNeedNotNameIt) {
    Settings settings{{"OIDC_ENABLED", "true"},
                      {"OIDC_ISSUER_URL", "https://id.example"},
                      {"OIDC_CLIENT_ID", "coredepot"}};
    const auto oidc = [&](const std::string& audience) {
        settings["OIDC_AUDIENCE"] = audience;
        return *load(settings).oidc;
    };
    using Clients = std::set<std::string>;
    EXPECT_EQ(oidc("https://depot.example").audience, "https://depot.example");
    EXPECT_EQ(oidc("client_id:a").audience, "coredepot");
    EXPECT_EQ(oidc("client_id:a").clients_without_audience, Clients{"a"});
    const auto both = oidc(" client_id:a devices  client_id:b ");
    EXPECT_EQ(both.audience, "devices");
    EXPECT_EQ(both.clients_without_audience, (Clients{"a", "b"}));
    settings.merge(least());
    settings["OIDC_AUDIENCE"] = "a b";
    EXPECT_EQ(complaint(settings),
              "bad configuration: OIDC_AUDIENCE must be one audience, perhaps followed by "
              "client_id:… words");
    settings["OIDC_AUDIENCE"] = "client_id:";
    settings["OIDC_CA_FILE"] = "ca.pem";
    EXPECT_EQ(complaint(settings),
              "bad configuration: OIDC_AUDIENCE must name a client after client_id:; OIDC_CA_FILE "
              "must be an absolute path");
}

TEST(Config, OfSystemdsCacheFoldersTheFirst) {
    const Settings oidc{{"OIDC_ENABLED", "true"},
                        {"OIDC_ISSUER_URL", "https://id.example"},
                        {"OIDC_CLIENT_ID", "coredepot"}};
    const auto cache_dir = [&](const std::string& value) {
        auto settings = oidc;
        settings["CACHE_DIRECTORY"] = value;
        return load(settings).oidc->cache_dir;
    };
    EXPECT_EQ(cache_dir("/var/cache/coredepot"), "/var/cache/coredepot");
    EXPECT_EQ(cache_dir("/var/cache/a:/var/cache/b"), "/var/cache/a");
    EXPECT_FALSE(cache_dir(""));
    EXPECT_THROW(cache_dir("cache"), ConfigError);
}

TEST(Config, FoldersAreNormalised) {
    EXPECT_EQ(load({{"COREDUMPS_DIR", "/srv/./x/../dumps"}}).coredumps_dir, "/srv/dumps");
}

TEST(Config, FromTheEnvironment) {
    ::setenv("DATABASE_URL", "postgresql:///x", 1);
    ::setenv("ASSETS_DIR", "/srv/assets", 1);
    ::setenv("OIDC_ENABLED", "false", 1);
    EXPECT_EQ(Config::from_environment().database_url, "postgresql:///x");
}

TEST(SidecarConfig, NeedsTheTransferFolderAndNothingElse) {
    EXPECT_EQ(SidecarConfig::load(variables({{"PARSE_SIDECAR_XFER_DIR", "/srv/xfer"}})).xfer_dir,
              "/srv/xfer");
    EXPECT_THROW(SidecarConfig::load(variables({})), ConfigError);
    EXPECT_THROW(SidecarConfig::load(variables({{"PARSE_SIDECAR_XFER_DIR", "xfer"}})), ConfigError);
}

TEST(SidecarConfig, MayHaveACache) {
    const auto load = [](const std::string& cache) {
        return SidecarConfig::load(
            variables({{"PARSE_SIDECAR_XFER_DIR", "/srv/xfer"}, {"SIDECAR_CACHE_DIR", cache}}));
    };
    EXPECT_EQ(load("/var/cache/coredepot").cache_dir, "/var/cache/coredepot");
    EXPECT_EQ(load("").cache_dir, std::nullopt);
    EXPECT_THROW(load("cache"), ConfigError);
}

}  // namespace
}  // namespace coredepot
