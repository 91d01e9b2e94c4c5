// What an issuer, or somebody who passes for it, may send at the end of a login: tokens that are
// not for it, of another issuer, from an earlier login. And whose roles count.

#include <sstream>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/browser.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"
#include "text/base64.hpp"
#include "text/hex.hpp"

using namespace coredepot::test;
namespace base = coredepot;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

const bool kStack = use_stack([] { return issuer().settings(); });

/// A login that is under way: the issuer's page has asked who they are.
struct Begun {
    Browser browser{stack().url()};
    std::map<std::string, std::string> asked;

    Begun() {
        const auto response = browser.get("/session/login?return=/issues");
        EXPECT_EQ(response.status, 302) << response;
        asked = query_of(response.header("location"));
    }
    HttpResponse come_back(const std::string& more = "") {
        return browser.get("/session/callback?state=" + asked.at("state") + "&code=c0de" + more);
    }
    /// Claims of a good ID token.
    Members claims(const Members& changes = {}) const {
        Members members{{"sub", quote("u1")},
                        {"name", quote("Mia")},
                        {"azp", ""},
                        {"nonce", quote(asked.at("nonce"))}};
        for (const auto& [name, value] : changes) members[name] = value;
        return members;
    }
};

void give(const std::string& id_token, const std::string& access_token = "opaque") {
    issuer().server().answer(FakeIssuer::kToken, 200,
                             to_json({{"id_token", quote(id_token)},
                                      {"access_token", quote(access_token)},
                                      {"token_type", quote("Bearer")}}));
}

std::string with_role(const std::string& role) {
    return R"({"roles": [")" + role + R"(", "offline_access"]})";
}

/// The login comes to nothing, and the log says why.
void expect_refused(Begun& login, const HttpResponse& response, const std::string& reason) {
    EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED")) << reason;
    EXPECT_TRUE(login.browser.cookies().empty());
    const auto id = " request_id=" + response.header("x-request-id");
    EXPECT_TRUE(eventually([&] {
        std::istringstream log(stack().logs()["session.log"]);
        for (std::string line; std::getline(log, line);) {
            if (line.ends_with(id) &&
                line.find("login failed reason=\"" + reason) != std::string::npos) {
                return true;
            }
        }
        return false;
    })) << reason;
}

std::string role_of(Browser& browser) {
    const auto roles = browser.get("/session").json().at("roles");
    return roles.size() == 1 ? roles.at(0).text() : std::to_string(roles.size()) + " roles";
}

TEST(LoginTokens, TheIssuerIsAskedAsTheStandardSays) {
    Begun login;
    EXPECT_EQ(login.asked["response_type"], "code");
    EXPECT_EQ(login.asked["client_id"], TokenIssuer::kAudience);
    EXPECT_EQ(login.asked["scope"], "openid profile");
    EXPECT_EQ(login.asked["redirect_uri"], stack().url() + "/session/callback");
    EXPECT_EQ(login.asked["code_challenge_method"], "S256");
    give(issuer().token(login.claims()));
    ASSERT_EQ(login.come_back().status, 302);
    const auto sent = issuer().server().last_request(FakeIssuer::kToken);
    const auto form = query_of("?" + sent.substr(sent.find("\r\n\r\n") + 4));
    EXPECT_EQ(form.at("grant_type"), "authorization_code");
    EXPECT_EQ(form.at("code"), "c0de");
    EXPECT_EQ(form.at("client_id"), TokenIssuer::kAudience) << "a public client says who it is";
    EXPECT_EQ(form.at("redirect_uri"), login.asked["redirect_uri"]);
    EXPECT_EQ(base::encode_base64url(*base::from_hex(base::sha256_hex(form.at("code_verifier")))),
              login.asked["code_challenge"]);
}

TEST(LoginTokens, TheRolesAreTheAccessTokensIfItIsForUs) {
    Begun one;
    give(issuer().token(one.claims({{"realm_access", with_role("admin")}})),
         issuer().token({{"sub", quote("u1")}, {"realm_access", with_role("viewer")}}));
    ASSERT_EQ(one.come_back().status, 302);
    EXPECT_EQ(role_of(one.browser), "viewer");
    // Opaque, for others, of somebody else, or too old: the ID token's.
    for (const auto& access :
         {std::string("opaque"), std::string(),
          issuer().token({{"sub", quote("u1")},
                          {"aud", quote("others")},
                          {"realm_access", with_role("admin")}}),
          issuer().token({{"sub", quote("u2")}, {"realm_access", with_role("admin")}}),
          issuer().token({{"sub", quote("u1")},
                          {"exp", epoch_seconds(-100)},
                          {"realm_access", with_role("admin")}})}) {
        Begun login;
        give(issuer().token(login.claims({{"realm_access", with_role("viewer")}})), access);
        ASSERT_EQ(login.come_back().status, 302);
        EXPECT_EQ(role_of(login.browser), "viewer") << access;
    }
}

TEST(LoginTokens, ASessionIsNoLongerThanItsTokens) {
    const auto lasts = [](const std::string& id_exp, const std::string& access_exp) {
        Begun login;
        give(issuer().token(login.claims({{"exp", id_exp}})),
             issuer().token({{"sub", quote("u1")}, {"exp", access_exp}}));
        const auto response = login.come_back();
        EXPECT_EQ(response.status, 302);
        for (const auto& line : response.all("set-cookie")) {
            if (line.starts_with("coredepot=")) return std::stoi(line.substr(line.rfind('=') + 1));
        }
        return -1;
    };
    EXPECT_LE(lasts(epoch_seconds(3600), epoch_seconds(300)), 300);
    EXPECT_LE(lasts(epoch_seconds(300), epoch_seconds(3600)), 300);
    const auto longest = lasts(epoch_seconds(864'000), epoch_seconds(864'000));
    EXPECT_EQ(longest, 8 * 3600);
}

TEST(LoginTokens, AnIdTokenThatIsNotGoodIsRefused) {
    const auto expect = [](const Members& changes, const std::string& why) {
        Begun login;
        give(issuer().token(login.claims(changes)));
        expect_refused(login, login.come_back(), "the ID token is not good: the token's " + why);
    };
    expect({{"nonce", quote("of an earlier login")}}, "nonce differs from the login's");
    expect({{"nonce", ""}}, "nonce differs from the login's");
    expect({{"aud", quote("others")}}, "aud is another audience");
    expect({{"aud", ""}}, "aud is missing");
    expect({{"aud", R"(["coredepot", "others"])"}, {"azp", quote("others")}},
           "azp is another client");
    expect({{"iss", quote("https://evil.example")}}, "iss is another issuer");
    expect({{"exp", epoch_seconds(-100)}}, "exp is past");
    expect({{"exp", ""}}, "exp is missing");
    expect({{"iat", epoch_seconds(1000)}}, "iat is in the future");
    expect({{"sub", ""}}, "sub is missing");
}

TEST(LoginTokens, AnIdTokenThatTheIssuerDidNotSignIsRefused) {
    const auto expect = [](const std::string& token, Begun& login, const std::string& why) {
        give(token);
        expect_refused(login, login.come_back(), "the ID token is not good: " + why);
    };
    Begun unsigned_one;
    const auto claims = issuer().payload(unsigned_one.claims());
    expect(base64url(R"({"alg":"none"})") + '.' + base64url(claims) + '.', unsigned_one,
           "the token's algorithm is not accepted");
    Begun by_mac;
    expect(mac_token(issuer().rsa().pem(), R"({"alg":"HS256","kid":"rsa"})",
                     issuer().payload(by_mac.claims())),
           by_mac, "the token's algorithm is not accepted");
    Begun by_another;
    expect(signed_token(rsa_key(), "RS256", R"({"alg":"RS256","kid":"rsa"})",
                        issuer().payload(by_another.claims())),
           by_another, "the token's signature is not good");
    Begun none;
    issuer().server().answer(FakeIssuer::kToken, 200, "{}");
    expect_refused(none, none.come_back(), "the issuer's answer has no id_token");
}

TEST(LoginTokens, AnAnswerThatNamesAnotherIssuerIsRefused) {
    Begun login;
    give(issuer().token(login.claims()));
    const auto before = issuer().server().asked(FakeIssuer::kToken);
    expect_refused(login, login.come_back("&iss=https://evil.example"),
                   "the answer is not from our issuer");
    EXPECT_EQ(issuer().server().asked(FakeIssuer::kToken), before) << "the code went nowhere";
    Begun named;
    give(issuer().token(named.claims()));
    EXPECT_EQ(named.come_back("&iss=" + issuer().server().url()).status, 302);
}

TEST(LoginTokens, ARefusalOfTheTokenEndpointIsALoginThatFailed) {
    Begun login;
    issuer().server().answer(FakeIssuer::kToken, 400, R"({"error": "invalid_grant"})");
    expect_refused(login, login.come_back(),
                   "the issuer gives no tokens for the code: status 400, invalid_grant");
    Begun other;
    issuer().server().answer(FakeIssuer::kToken, 503, "");
    EXPECT_TRUE(is_error(other.come_back(), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_TRUE(other.browser.cookies().empty());
}

TEST(LoginTokens, LoggingOutWorksWithoutTheIssuer) {
    Begun login;
    give(issuer().token(login.claims()));
    ASSERT_EQ(login.come_back().status, 302);
    issuer().server().go_down();
    const auto gone = login.browser.send("POST", "/session/logout", "");
    issuer().server().come_back();
    EXPECT_EQ(gone.status, 200) << gone;
    EXPECT_TRUE(login.browser.cookies().empty());
}

TEST(LoginTokens, OverTlsTheCookieIsTheHostsAlone) {
    auto settings = issuer().settings();
    settings["BASEURL"] = "https://depot.example";
    restart_stack(settings);
    Begun login;
    EXPECT_EQ(login.asked["redirect_uri"], "https://depot.example/session/callback");
    give(issuer().token(login.claims({{"realm_access", with_role("admin")}})));
    const auto response = login.come_back();
    ASSERT_EQ(response.status, 302) << response;
    EXPECT_EQ(response.all("set-cookie").size(), 2U);
    for (const auto& line : response.all("set-cookie")) {
        EXPECT_TRUE(line.starts_with("__Host-coredepot")) << line;
        EXPECT_NE(line.find("; Path=/; HttpOnly; SameSite=Lax; Secure; "), std::string::npos);
    }
    const auto change = [&](const std::string& origin) {
        return login.browser.send("PATCH", "/api/issues", "{}", {"Origin: " + origin}).status;
    };
    EXPECT_EQ(change("https://depot.example"), 400) << "let through, and refused as a change";
    EXPECT_EQ(change("http://depot.example"), 403);
    EXPECT_EQ(change(stack().url()), 403);
    // Without https, and from elsewhere, nobody logs in.
    settings["BASEURL"] = "http://depot.example";
    restart_stack(settings);
    EXPECT_TRUE(is_error(Browser(stack().url()).get("/session/login"), 400, "INVALID_OPERATION",
                         "Cannot log in because this is neither https (see BASEURL) nor this "
                         "machine itself"));
    settings["BASEURL"] = "";
    settings["SESSION_KEY_FILE"] = "";
    restart_stack(settings);
    EXPECT_TRUE(is_error(Browser(stack().url()).get("/session/login"), 400, "INVALID_OPERATION",
                         "Cannot log in because SESSION_KEY_FILE is not configured"));
    settings["OIDC_ENABLED"] = "false";
    restart_stack(settings);
    Browser anybody(stack().url());
    EXPECT_EQ(anybody.get("/session/login?return=/issues").header("location"), "/issues");
    const auto session = anybody.get("/session").json();
    EXPECT_FALSE(session.at("oidc").truth());
    EXPECT_FALSE(session.at("login_needed").truth());
    EXPECT_EQ(session.at("roles").at(0).text(), "admin");
    EXPECT_EQ(anybody.send("POST", "/session/logout", "").json().at("location").text(), "/");
}

}  // namespace
