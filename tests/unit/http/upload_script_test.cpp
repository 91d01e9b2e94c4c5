#include "http/upload_script.hpp"

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr const char* kBackend = "https://depot.example";
constexpr const char* kToken = "https://id.example/realms/iot/token";

bool has(const Response& response, const std::string& text) {
    return response.body.find(text) != std::string::npos;
}

TEST(UploadScript, HasTheUrlsBetweenQuotes) {
    const auto sh = upload_script(Shell::Sh, kBackend, kToken);
    EXPECT_TRUE(has(sh, "\nBACKEND_URL=\"https://depot.example\"\n"));
    EXPECT_TRUE(has(sh, "\nTOKEN_URL=\"https://id.example/realms/iot/token\"\n"));
    EXPECT_TRUE(sh.body.starts_with("#!/bin/sh\n"));
    const auto ps1 = upload_script(Shell::PowerShell, kBackend, kToken);
    EXPECT_TRUE(has(ps1, "\n$BACKEND_URL=\"https://depot.example\"\n"));
    EXPECT_TRUE(has(ps1, "\n$TOKEN_URL=\"https://id.example/realms/iot/token\"\n"));
}

TEST(UploadScript, MayHaveNoTokenUrl) {
    EXPECT_TRUE(has(upload_script(Shell::Sh, kBackend, ""), "\nTOKEN_URL=\"\"\n"));
    EXPECT_TRUE(has(upload_script(Shell::PowerShell, kBackend, ""), "\n$TOKEN_URL=\"\"\n"));
}

TEST(UploadScript, IsTextThatNobodyKeeps) {
    for (const auto shell : {Shell::Sh, Shell::PowerShell}) {
        const auto response = upload_script(shell, kBackend, kToken);
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.headers, (std::vector<std::pair<std::string, std::string>>{
                                        {"Content-Type", "text/plain; charset=utf-8"},
                                        {"Cache-Control", "no-store"}}));
        // A byte order mark or a typographic quote would be read differently by 5.1 and by 7.
        EXPECT_TRUE(std::ranges::all_of(
            response.body, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    }
}

TEST(UploadScript, LetsNothingOutOfTheQuotes) {
    for (const std::string url : {"https://a\"; rm -rf ~; \"", "https://$(id)", "https://`id`",
                                  "https://a\nb", "https://a\\", "ftp://a"}) {
        for (const auto shell : {Shell::Sh, Shell::PowerShell}) {
            EXPECT_THROW(upload_script(shell, url, kToken), std::logic_error);
            EXPECT_THROW(upload_script(shell, kBackend, url), std::logic_error);
        }
    }
}

/// No PowerShell runs here, so that this much at least is held: both do the same.
TEST(UploadScript, BothSpeakOfTheSame) {
    const auto sh = upload_script(Shell::Sh, kBackend, kToken);
    const auto ps1 = upload_script(Shell::PowerShell, kBackend, kToken);
    for (const auto* text : {"IOTSUPPORT_CLIENT_ID",
                             "IOTSUPPORT_CLIENT_SECRET",
                             "project_description.json",
                             "project_name",
                             "app_bin",
                             "build_dir",
                             "config_file",
                             "sdkconfig",
                             "version.json",
                             "git_commit",
                             "idf_version",
                             "firmware_version",
                             "client_credentials",
                             "client_id",
                             "client_secret",
                             "access_token",
                             "/api/pipeline/models/",
                             "application/zip",
                             ".elf",
                             ".map",
                             "git rev-parse HEAD",
                             "GITHUB_SHA",
                             "CI_COMMIT_SHA",
                             "error_description"}) {
        EXPECT_TRUE(has(sh, text)) << text;
        EXPECT_TRUE(has(ps1, text)) << text;
    }
}

/// Braces, brackets and quotes of PowerShell pair up outside of strings and comments.
TEST(UploadScript, PowerShellsBracketsMatch) {
    const auto script = upload_script(Shell::PowerShell, kBackend, kToken).body;
    std::string open;
    bool in_comment = false;
    // A string in a string is one in a $( ) of it, which goes on where the outer one was.
    for (std::size_t i = 0; i < script.size(); ++i) {
        const char c = script[i];
        const bool in_string = open.ends_with('"');
        const bool in_literal = open.ends_with('\'');
        if (in_comment) {
            in_comment = c != '\n';
        } else if (in_literal) {
            if (c == '\'') open.pop_back();
        } else if (in_string) {
            if (c == '"') open.pop_back();
            if (c == '$' && (script[i + 1] == '(' || script[i + 1] == '{')) {
                open += script[++i];
            }
        } else if (c == '#') {
            in_comment = true;
        } else if (c == '"' || c == '\'' || c == '(' || c == '{' || c == '[') {
            open += c;
        } else if (c == ')' || c == '}' || c == ']') {
            ASSERT_FALSE(open.empty()) << script.substr(0, i);
            ASSERT_EQ(open.back(), c == ')' ? '(' : c == '}' ? '{' : '[') << script.substr(0, i);
            open.pop_back();
        }
        ASSERT_FALSE(c == '\n' && (open.ends_with('"') || open.ends_with('\'')))
            << script.substr(0, i);
    }
    EXPECT_EQ(open, "");
}

}  // namespace
}  // namespace coredepot::http
