// People log in by a real identity provider's page, use the API with their session's cookie, and
// log out. And what others may try with such cookies, and with such logins.

#include <algorithm>

#include <gtest/gtest.h>

#include "support/browser.hpp"
#include "support/command.hpp"
#include "support/fleet.hpp"
#include "support/identity_provider.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

constexpr const char* kSecret = "s3cret-of-clients";
constexpr const char* kClient = IdentityProvider::kScope;

IdentityProvider& provider() {
    static const TemporaryFolder folder;
    static IdentityProvider only(folder.path(), SigningKey::rsa("first"));
    return only;
}

Settings settings() {
    return {{"OIDC_ENABLED", "true"},
            {"OIDC_ISSUER_URL", provider().issuer()},
            {"OIDC_CLIENT_ID", kClient},
            {"OIDC_CLIENT_SECRET", kSecret},
            {"OIDC_SCOPE", std::string("openid ") + IdentityProvider::kScope},
            {"OIDC_ROLES_CLAIM", IdentityProvider::kRolesClaim},
            {"PARSE_SIDECAR_URL", ""}};
}

const bool kStack = use_stack([] { return settings(); });

class Sessions : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        provider().add_login_client(kClient, kSecret, stack().url());
        provider().add_person("mia", "admin", kClient);
        provider().add_person("vic", "viewer", kClient);
        provider().add_person("nobody", "", kClient);
    }

    /// Where the issuer's page sends `person` back to, after this browser went there to log in.
    static std::string come_back(Browser& browser, const std::string& person,
                                 const std::string& return_path = "/") {
        const auto begun = browser.get("/session/login?return=" + percent_encoded(return_path));
        EXPECT_EQ(begun.status, 302) << begun;
        return target_of(provider().let_in(person, begun.header("location")));
    }
    static Browser logged_in(const std::string& person) {
        Browser browser(stack().url());
        const auto response = browser.get(come_back(browser, person));
        EXPECT_EQ(response.status, 302) << response;
        return browser;
    }
    static std::string new_model(const std::string& code) {
        return R"({"code": ")" + code + R"(", "name": "A model"})";
    }
    static void expect_refused_login(const HttpResponse& response) {
        EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED",
                             "The login did not succeed or took too long. Go back to the page and "
                             "log in again"));
    }
    static void expect_no_session(Browser& browser) {
        EXPECT_TRUE(is_error(browser.get("/api/devices"), 401, "AUTHENTICATION_REQUIRED"));
        EXPECT_TRUE(browser.get("/session").json().at("login_needed").truth());
    }
    static void expect_reason(const HttpResponse& response, const std::string& reason) {
        EXPECT_TRUE(eventually([&] {
            return stack().logs()["session.log"].find(
                       "login failed reason=\"" + reason +
                       "\" request_id=" + response.header("x-request-id")) != std::string::npos;
        })) << reason;
    }
    static std::filesystem::path key_file() { return stack().state() / "session.keys"; }
    static void change_keys(const std::string& option) {
        const auto done = run_command({COREDEPOT_SOURCE_DIR "/systemd/tools/coredepot-session-key",
                                       option, key_file().string()});
        ASSERT_EQ(done.status, 0) << done.output;
    }
};

TEST_F(Sessions, SomebodyLogsInAndOut) {
    Browser browser(stack().url());
    EXPECT_TRUE(browser.get("/session").json().at("subject").is_null());
    expect_no_session(browser);
    const auto back = come_back(browser, "mia", "/issues?q=a%20b#top");
    const auto arrived = browser.get(back);
    ASSERT_EQ(arrived.status, 302) << arrived;
    EXPECT_EQ(arrived.header("location"), "/issues?q=a%20b#top");
    EXPECT_EQ(browser.cookies().size(), 1U) << "the login's own cookie is gone";
    const auto session = browser.get("/session").json();
    EXPECT_TRUE(session.at("oidc").truth());
    EXPECT_FALSE(session.at("login_needed").truth());
    EXPECT_EQ(session.at("name").text(), "Name of mia");
    EXPECT_EQ(session.at("roles").size(), 1U);
    EXPECT_EQ(session.at("roles").at(0).text(), "admin");
    EXPECT_FALSE(session.at("ends_at").is_null());
    EXPECT_EQ(browser.get("/api/devices").status, 200);
    EXPECT_EQ(browser.send("POST", "/api/device-models", new_model("by_mia")).status, 201);

    const auto gone = browser.send("POST", "/session/logout", "");
    ASSERT_EQ(gone.status, 200) << gone;
    const auto location = gone.json().at("location").text();
    EXPECT_TRUE(location.starts_with(provider().issuer() + "/end_session?")) << location;
    EXPECT_EQ(query_of(location)["post_logout_redirect_uri"], stack().url() + "/");
    EXPECT_NE(query_of(location)["id_token_hint"], "");
    EXPECT_TRUE(browser.cookies().empty());
    expect_no_session(browser);
}

TEST_F(Sessions, TheCookieIsForThisHostAndNotForScripts) {
    Browser browser(stack().url());
    const auto begun = browser.get("/session/login");
    const auto arrived = browser.get(target_of(provider().let_in("mia", begun.header("location"))));
    for (const auto& response : {begun, arrived}) {
        EXPECT_EQ(response.header("cache-control"), "no-store");
        for (const auto& line : response.all("set-cookie")) {
            EXPECT_NE(line.find("; Path=/; HttpOnly; SameSite=Lax; Max-Age="), std::string::npos);
            EXPECT_EQ(line.find("Domain"), std::string::npos);
        }
    }
    // Encrypted: five segments, of which the second is a key that there is not.
    EXPECT_EQ(std::ranges::count(browser.cookie("coredepot"), '.'), 4);
    EXPECT_NE(browser.cookie("coredepot").find(".."), std::string::npos);
}

TEST_F(Sessions, TheyOpenWhatTheirRoleOpens) {
    auto viewer = logged_in("vic");
    EXPECT_EQ(viewer.get("/api/devices").status, 200);
    EXPECT_TRUE(is_error(viewer.send("POST", "/api/device-models", new_model("by_vic")), 403,
                         "AUTHORIZATION_FAILED"));
    EXPECT_TRUE(is_error(viewer.send("PATCH", "/api/issues", "{}"), 403, "AUTHORIZATION_FAILED"));
    auto nobody = logged_in("nobody");
    EXPECT_TRUE(is_error(nobody.get("/api/devices"), 403, "AUTHORIZATION_FAILED"));
    EXPECT_EQ(nobody.get("/session").json().at("roles").size(), 0U);
    auto admin = logged_in("mia");
    EXPECT_TRUE(is_error(admin.get("/api/iot/firmware-version"), 401, "AUTHENTICATION_REQUIRED"))
        << "devices have no session";
}

TEST_F(Sessions, PagesOfOthersChangeNothing) {
    auto mia = logged_in("mia");
    const auto try_it = [&](const HttpClient::Headers& headers) {
        return mia.send("POST", "/api/device-models", new_model("forged"), headers);
    };
    for (const HttpClient::Headers& headers :
         {HttpClient::Headers{},
          {"Sec-Fetch-Site: cross-site"},
          {"Sec-Fetch-Site: same-site"},
          {"Sec-Fetch-Site: none"},
          {"Origin: https://evil.example"},
          {"Origin: null"},
          {"Origin: " + stack().url() + "0"},
          {"Sec-Fetch-Site: cross-site", "Origin: " + stack().url()},
          {"Content-Type: text/plain", "Origin: http://evil.example"}}) {
        EXPECT_TRUE(is_error(try_it(headers), 403, "AUTHORIZATION_FAILED"));
    }
    EXPECT_TRUE(is_error(mia.send("POST", "/session/logout", "", {"Sec-Fetch-Site: cross-site"}),
                         403, "AUTHORIZATION_FAILED"));
    EXPECT_EQ(mia.get("/api/devices").status, 200) << "nor does anybody log them out";
    // A large body is judged before it comes.
    EXPECT_TRUE(is_error(mia.send("POST", "/api/pipeline/models/none/firmware",
                                  std::string(200'000, 'x'), {"Sec-Fetch-Site: cross-site"}),
                         403, "AUTHORIZATION_FAILED"));
    EXPECT_EQ(
        mia.send("POST", "/api/pipeline/models/none/firmware", std::string(200'000, 'x')).status,
        404);
    EXPECT_EQ(try_it({"Origin: " + stack().url()}).status, 201);
}

TEST_F(Sessions, CookiesThatWereTamperedWithAreNone) {
    auto mia = logged_in("mia");
    auto vic = logged_in("vic");
    const auto good = mia.cookie("coredepot");
    const auto expect_none = [](const std::string& cookie) {
        Browser thief(stack().url());
        thief.cookies()["coredepot"] = cookie;
        EXPECT_TRUE(is_error(thief.get("/api/devices"), 401, "AUTHENTICATION_REQUIRED")) << cookie;
    };
    expect_none("");
    expect_none("x");
    expect_none(good.substr(0, good.size() - 1));
    expect_none(good.substr(1));
    expect_none(good + ".x");
    // A piece of another's.
    const auto other = vic.cookie("coredepot");
    expect_none(other.substr(0, other.rfind('.')) + good.substr(good.rfind('.')));
    // Without encryption, as a JWT has it.
    expect_none("eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJhZG1pbiJdfQ.");
    // The cookie of a login that has only begun.
    Browser begun(stack().url());
    begun.get("/session/login");
    expect_none(begun.cookie("coredepot-login-"));
    // Twice: one of them was planted.
    HttpClient twice(stack().url(), {"Cookie: coredepot=" + good + "; coredepot=" + good});
    EXPECT_EQ(twice.get("/api/devices").status, 401);
    // Under the name that it has over TLS, which this is not.
    HttpClient renamed(stack().url(), {"Cookie: __Host-coredepot=" + good});
    EXPECT_EQ(renamed.get("/api/devices").status, 401);
    EXPECT_EQ(mia.get("/api/devices").status, 200);
}

TEST_F(Sessions, KeysAreChangedWhilePeopleWork) {
    auto early = logged_in("mia");
    change_keys("--rotate");
    EXPECT_EQ(early.get("/api/devices").status, 200);
    auto late = logged_in("mia");
    change_keys("--drop-old");
    EXPECT_TRUE(is_error(early.get("/api/devices"), 401, "AUTHENTICATION_REQUIRED"));
    EXPECT_EQ(late.get("/api/devices").status, 200);

    // A cookie of another host, which has a key of the same name.
    const auto keys = content_of(key_file());
    const auto line = keys.rfind('\n', keys.size() - 2) + 1;
    const auto name = keys.substr(line, keys.find(' ', line) - line);
    replace_file(key_file(), name + " AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n");
    std::filesystem::permissions(key_file(), std::filesystem::perms::owner_read);
    EXPECT_TRUE(is_error(late.get("/api/devices"), 401, "AUTHENTICATION_REQUIRED"));
}

TEST_F(Sessions, ALoginIsOfTheBrowserThatBeganIt) {
    Browser mallory(stack().url());
    Browser victim(stack().url());
    const auto of_mallory = come_back(mallory, "mia");
    // Login fixation: the victim is led to where the attacker's login would end.
    const auto led = victim.get(of_mallory);
    expect_refused_login(led);
    expect_reason(led, "this browser did not start the login with this state");
    expect_no_session(victim);
    // Also while the victim has a login of their own under way.
    come_back(victim, "vic");
    expect_refused_login(victim.get(of_mallory));
    expect_no_session(victim);
}

TEST_F(Sessions, ALoginIsGoodOnce) {
    Browser browser(stack().url());
    const auto back = come_back(browser, "mia");
    const auto cookies = browser.cookies();
    ASSERT_EQ(browser.get(back).status, 302);
    expect_refused_login(browser.get(back));
    // Somebody who kept the cookie, too: the issuer gives nothing for the code a second time.
    Browser again(stack().url());
    again.cookies() = cookies;
    const auto refused = again.get(back);
    expect_refused_login(refused);
    expect_reason(refused, "the issuer gives no tokens for the code: status 403, invalid_code");
    expect_no_session(again);
}

TEST_F(Sessions, TheCodeOfAnotherLoginIsNone) {
    Browser mallory(stack().url());
    Browser victim(stack().url());
    const auto stolen = query_of(come_back(victim, "mia"))["code"];
    const auto state = query_of(come_back(mallory, "vic"))["state"];
    const auto injected = mallory.get("/session/callback?state=" + state + "&code=" + stolen);
    EXPECT_TRUE(is_error(injected, 400, "VALIDATION_FAILED")) << injected;
    expect_no_session(mallory);
}

TEST_F(Sessions, TheStateIsTheCookies) {
    Browser browser(stack().url());
    const auto parameters = query_of(come_back(browser, "mia"));
    const auto state = parameters.at("state");
    // The cookie is found by the first half; the rest has to fit, too.
    for (const auto& other :
         {state.substr(0, 16), state.substr(0, 42), state + "A",
          state.substr(0, 16) + std::string(27, 'A'), std::string("../x"), std::string()}) {
        Browser same(stack().url());
        same.cookies() = browser.cookies();
        expect_refused_login(same.get("/session/callback?state=" + percent_encoded(other) +
                                      "&code=" + parameters.at("code")));
        expect_no_session(same);
    }
    expect_refused_login(browser.get("/session/callback?code=" + parameters.at("code")));
}

TEST_F(Sessions, SeveralTabsLogInAtATime) {
    Browser browser(stack().url());
    const auto first = come_back(browser, "mia", "/issues/1");
    const auto second = come_back(browser, "mia", "/issues/2");
    EXPECT_EQ(browser.get(first).header("location"), "/issues/1");
    EXPECT_EQ(browser.get(second).header("location"), "/issues/2");
    EXPECT_EQ(browser.cookies().size(), 1U);
}

TEST_F(Sessions, LoginsThatAreNotEndedDoNotFillTheBrowser) {
    Browser browser(stack().url());
    for (int i = 0; i < 20; ++i) ASSERT_EQ(browser.get("/session/login").status, 302);
    EXPECT_LE(browser.cookies().size(), 5U);
    EXPECT_EQ(browser.get(come_back(browser, "mia")).status, 302);
}

TEST_F(Sessions, NobodyIsSentToAnotherSite) {
    Browser browser(stack().url());
    for (const auto* elsewhere :
         {"//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
          "evil.example", "https://evil.example", "https:evil.example", "http:/evil.example",
          "javascript:alert(1)", "/\t/evil.example", "/\r\nLocation: https://evil.example",
          "/x\nSet-Cookie: a=b", "", "@x", "/\x01", "/\xc3\xa4"}) {
        const auto response = browser.get("/session/login?return=" + percent_encoded(elsewhere));
        EXPECT_TRUE(
            is_error(response, 400, "VALIDATION_FAILED", "return must be a path of this server"))
            << elsewhere;
        EXPECT_TRUE(response.all("set-cookie").empty());
    }
}

TEST_F(Sessions, TheIssuersRefusalIsSaid) {
    Browser browser(stack().url());
    const auto state = query_of(come_back(browser, "mia"))["state"];
    const auto response = browser.get("/session/callback?state=" + state + "&error=access_denied");
    expect_refused_login(response);
    expect_reason(response, "the issuer says access_denied");
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_F(Sessions, HeadersThatAreTooLongAreRefusedClearly) {
    const auto ask = [](std::size_t bytes) {
        return raw_exchange(stack().port(),
                            "GET /session HTTP/1.1\r\nHost: x\r\nConnection: "
                            "close\r\nCookie: coredepot=" +
                                std::string(bytes, 'A') + "\r\n\r\n");
    };
    EXPECT_EQ(ask(15'000).status, 200) << "no session of ours is so long";
    for (const std::size_t bytes : {17'000, 100'000}) {
        EXPECT_TRUE(is_error(ask(bytes), 401, "AUTHENTICATION_REQUIRED",
                             "The headers are too long: the token, or the cookies of this host"));
    }
}

TEST_F(Sessions, WhatABrowserBlockedIsInTheLog) {
    Browser browser(stack().url());
    const auto response =
        browser.send("POST", "/csp-reports",
                     R"({"csp-report":{"effective-directive":"script-src","blocked-uri":"inline",)"
                     R"("document-uri":"http://x/issues?q=secret"}})",
                     {"Content-Type: application/csp-report"});
    EXPECT_EQ(response.status, 204);
    EXPECT_TRUE(eventually([&] {
        return stack().logs()["session.log"].find(
                   "a browser blocked something on the page directive=script-src blocked=inline "
                   "page=http://x/issues") != std::string::npos;
    }));
    EXPECT_TRUE(is_error(browser.send("POST", "/csp-reports", "[]"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(browser.send("POST", "/csp-reports", std::string(9000, ' ')), 413,
                         "PAYLOAD_TOO_LARGE"));
    // So that nobody fills the log.
    EXPECT_TRUE(
        eventually([&] { return browser.send("POST", "/csp-reports", "[]").status == 429; }));
}

}  // namespace
