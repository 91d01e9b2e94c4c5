// GET /api/pipeline/upload.sh and upload.ps1.

#include "upload_script.hpp"

#include <regex>

#include <gtest/gtest.h>

#include "esp_project.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

/// As forms have it, where a space is a plus.
std::string form_encoded(const std::string& text) {
    return std::regex_replace(percent_encoded(text), std::regex("%20"), "+");
}

const bool kStack = use_stack([] {
    const auto token = issuer().role("pipeline");
    issuer().server().give_token(
        "client_id=" + form_encoded(kClient) + "&client_secret=" + form_encoded(kSecret), token);
    issuer().server().give_token(kHeaderCredentials, token);
    issuer().server().give_token("&scope=" + form_encoded(kScope) +
                                     "&audience=" + form_encoded(kAudience) + "&" + kParameters +
                                     "&client_id=" + kScopedClient,
                                 token);
    return issuer().settings();
});

bool has_line(const std::string& script, const std::string& line) {
    return ('\n' + script).find('\n' + line + '\n') != std::string::npos;
}

/// As the script's shell has it.
std::string assignment(const std::string& shell, const std::string& name, const std::string& url) {
    std::string line = shell == "ps1" ? "$" : "";
    return line.append(name).append("=\"").append(url).append("\"");
}

void expect_backend(const HttpClient::Headers& headers, const std::string& url) {
    for (const auto* shell : {"sh", "ps1"}) {
        const auto response = get_script(headers, shell);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_TRUE(has_line(response.body, assignment(shell, "BACKEND_URL", url))) << url;
        EXPECT_TRUE(has_line(response.body,
                             assignment(shell, "TOKEN_URL", issuer().server().url() + "/token")));
    }
}

TEST(UploadScript, BothAreTextForEverybody) {
    for (const auto* shell : {"sh", "ps1"}) {
        const auto response = get_script({}, shell);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
        EXPECT_EQ(response.header("cache-control"), "no-store");
        const auto target = std::string("/api/pipeline/upload.") + shell;
        EXPECT_EQ(HttpClient(stack().url()).head(target).status, 200);
        EXPECT_EQ(HttpClient(stack().url()).post(target, "").status, 405);
    }
}

TEST(UploadScript, KnowsWhereItCameFrom) {
    expect_backend({}, stack().url());
    expect_backend({"Host: depot.example"}, "http://depot.example");
    expect_backend({"X-Forwarded-Proto: https"}, "https" + stack().url().substr(4));
    expect_backend({"X-Forwarded-Proto: https", "X-Forwarded-Host: depot.example"},
                   "https://depot.example");
    expect_backend({"X-Forwarded-Proto: https, http", "X-Forwarded-Host: a.example:8443, b, c"},
                   "https://a.example:8443");
    expect_backend({"X-Forwarded-Host: a.example", "X-Forwarded-Host: b.example"},
                   "http://a.example");
    expect_backend({"X-Forwarded-Host: [2001:db8::1]:8443"}, "http://[2001:db8::1]:8443");
}

TEST(UploadScript, NoHeaderGetsOutOfTheQuotes) {
    for (const std::string value :
         {"a\"; rm -rf ~; \"", "$(id)", "a$(id)", "`id`", "a\\", "a%0aid", "a%22", "a'b", "a b",
          "a;b", "[$(id)]", "\xe2\x80\x9c", "a/b", "a\tb", "user@host"}) {
        for (const auto* name : {"X-Forwarded-Host: ", "X-Forwarded-Proto: "}) {
            for (const auto* shell : {"sh", "ps1"}) {
                const auto response = get_script({name + value}, shell);
                EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED")) << name << value;
                EXPECT_EQ(response.body.find(value), std::string::npos);
            }
        }
    }
    // Those that nginx lets through.
    for (const std::string value : {"a\"b", "$(id)", "`id`", "a;b"}) {
        EXPECT_TRUE(is_error(get_script({"Host: " + value}), 400, "VALIDATION_FAILED")) << value;
    }
}

// From here on with stacks that are set up in another way: after all of the suite above, of which
// upload_script_run_test.cpp has the other half.

TEST(UploadScriptConfigured, UrlsOfTheConfiguration) {
    auto settings = issuer().settings();
    settings["BASEURL"] = "https://public.example/depot/";
    settings["OIDC_TOKEN_URL"] = "https://id.example/token/";
    restart_stack(settings);
    const auto script = get_script({"X-Forwarded-Host: $(id)"}).body;
    EXPECT_TRUE(has_line(script, "BACKEND_URL=\"https://public.example/depot\""));
    EXPECT_TRUE(has_line(script, "TOKEN_URL=\"https://id.example/token/\""));
}

TEST(UploadScriptConfigured, AnIssuerThatDoesNotSay) {
    FakeIssuer silent;
    silent.answer(FakeIssuer::kDiscovery, 500, "{}");
    auto settings = issuer().settings();
    settings["OIDC_ISSUER_URL"] = silent.url();
    restart_stack(settings);
    for (const auto* shell : {"sh", "ps1"}) {
        EXPECT_TRUE(is_error(get_script({}, shell), 503, "SERVICE_UNAVAILABLE"));
    }
}

TEST(UploadScriptConfigured, WithoutTokens) {
    restart_stack({{"OIDC_ENABLED", "false"}, {"PARSE_SIDECAR_URL", ""}});
    EXPECT_TRUE(has_line(get_script().body, "TOKEN_URL=\"\""));
    const auto model = make_model("without_tokens");
    const EspProject project(model.code);
    expect_uploaded(
        project.upload({}, {{"IOTSUPPORT_CLIENT_ID", ""}, {"IOTSUPPORT_CLIENT_SECRET", ""}}), model,
        "1.0.0");
}

}  // namespace
