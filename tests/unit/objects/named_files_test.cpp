// Files that the configuration of a bucket names.

#include "objects/named_files.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace coredepot::objects {
namespace {

std::string complaint(const S3Config& config) {
    try {
        require_readable_files(config);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

TEST(NamedFiles, TheSecretIsWithoutTheWhiteSpaceAroundIt) {
    const test::TemporaryFolder folder;
    test::write_file(folder / "secret", " s e\n\n");
    S3Config config;
    config.secret_access_key_file = folder / "secret";
    EXPECT_EQ(secret_access_key(config), "s e");
    EXPECT_EQ(complaint(config), "");
}

TEST(NamedFiles, WhatIsMissingOrEmptyIsSaid) {
    const test::TemporaryFolder folder;
    S3Config config;
    config.secret_access_key_file = folder / "secret";
    const std::string empty =
        "bad configuration: S3_SECRET_ACCESS_KEY_FILE must name a file with the key in it";
    EXPECT_EQ(complaint(config), empty);
    test::write_file(folder / "secret", "\n");
    EXPECT_EQ(complaint(config), empty);
    test::write_file(folder / "secret", std::string(5000, 'x'));
    EXPECT_TRUE(complaint(config).starts_with("bad configuration: S3_SECRET_ACCESS_KEY_FILE: "));
    config.secret_access_key_file = folder.path();
    EXPECT_TRUE(complaint(config).starts_with("bad configuration: S3_SECRET_ACCESS_KEY_FILE: "));
}

TEST(NamedFiles, TheCertificatesToo) {
    const test::TemporaryFolder folder;
    S3Config config;
    config.secret_access_key = "secret";
    config.ca_file = folder / "ca.pem";
    EXPECT_EQ(complaint(config),
              "bad configuration: S3_CA_FILE must name a file with certificates in it");
    test::write_file(folder / "ca.pem", "certificates");
    EXPECT_EQ(complaint(config), "");
}

}  // namespace
}  // namespace coredepot::objects
