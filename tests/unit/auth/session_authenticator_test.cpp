#include "auth/session_authenticator.hpp"

#include <gtest/gtest.h>

#include "auth/cookies.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::auth {
namespace {

using std::chrono::hours;

constexpr const char* kIssuer = "https://id.example";
constexpr const char* kSite = "https://depot.example";

/// Says that it was asked; a request without a cookie is its business.
class NoTokens final : public Authenticator {
  public:
    Identity authenticate(Access access, const Credentials& /*unused*/) const override {
        if (access == Access::Public) return {};
        throw InvalidToken("by its token");
    }
};

class WithSession : public testing::Test {
  protected:
    WithSession() { write_keys("one AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n"); }

    void write_keys(const std::string& keys) const {
        test::replace_file(folder_ / "keys", keys);
        std::filesystem::permissions(folder_ / "keys", std::filesystem::perms::owner_read);
    }
    Sessions sessions(const std::string& issuer = kIssuer) const {
        return {folder_ / "keys", issuer, [this] { return now_; }};
    }
    std::string cookie(const std::string& role, const std::string& issuer = kIssuer) const {
        return sessions(issuer).write({{"u1", "Mia"}, {role}, now_, now_ + hours(1), std::nullopt});
    }
    SessionAuthenticator authenticator(const std::optional<std::string>& base = kSite) const {
        return {std::make_unique<NoTokens>(), sessions(), base};
    }
    static Credentials with(const std::string& value, const std::string& method = "GET") {
        Credentials credentials;
        credentials.cookie = "theme=dark; __Host-coredepot=" + value;
        credentials.method = method;
        return credentials;
    }
    /// "allowed", or the kind of refusal and why.
    std::string verdict(Access access, const Credentials& credentials,
                        const std::optional<std::string>& base = kSite) const {
        try {
            authenticator(base).authenticate(access, credentials);
        } catch (const Unauthenticated& refused) {
            return std::string("401 ") + refused.what();
        } catch (const Forbidden& refused) {
            return std::string("403 ") + refused.what();
        }
        return "allowed";
    }

    test::TemporaryFolder folder_;
    Timestamp now_{std::chrono::seconds(1'700'000'000)};
};

constexpr const char* kNoSession = "401 the cookie holds no valid session";
constexpr const char* kNotOurs =
    "403 a change with a session cookie that does not come from our page";
constexpr const char* kNoRole = "403 not a role of the session";
constexpr const char* kByToken = "401 by its token";

TEST_F(WithSession, ItNamesThePerson) {
    const auto identity = authenticator().authenticate(Access::Viewer, with(cookie("viewer")));
    EXPECT_EQ(identity.person.subject, "u1");
    EXPECT_EQ(identity.person.name, "Mia");
}

TEST_F(WithSession, ItOpensWhatATokenOfItsRolesOpens) {
    const auto open = [&](Access access, const std::string& role) {
        return verdict(access, with(cookie(role)));
    };
    EXPECT_EQ(open(Access::Admin, "admin"), "allowed");
    EXPECT_EQ(open(Access::Viewer, "admin"), "allowed");
    EXPECT_EQ(open(Access::Pipeline, "admin"), "allowed");
    EXPECT_EQ(open(Access::Viewer, "viewer"), "allowed");
    EXPECT_EQ(open(Access::Admin, "viewer"), kNoRole);
    EXPECT_EQ(open(Access::Pipeline, "viewer"), kNoRole);
    EXPECT_EQ(open(Access::Pipeline, "pipeline"), "allowed");
    EXPECT_EQ(open(Access::Viewer, "stranger"), kNoRole);
}

TEST_F(WithSession, DevicesPathsAndRequestsWithATokenAreTheTokens) {
    EXPECT_EQ(verdict(Access::Device, with(cookie("admin"))), kByToken);
    auto both = with(cookie("admin"));
    both.authorization = "Bearer x";
    EXPECT_EQ(verdict(Access::Admin, both), kByToken);
    both.authorization = "Basic x";
    EXPECT_EQ(verdict(Access::Admin, both), "allowed");
    EXPECT_EQ(verdict(Access::Public, with("nonsense")), "allowed");
    EXPECT_EQ(verdict(Access::Admin, {}), kByToken);
}

TEST_F(WithSession, AChangeHasToComeFromAPageOfOurs) {
    const auto change = [&](std::optional<std::string> fetch_site,
                            std::optional<std::string> origin) {
        auto credentials = with(cookie("admin"), "PATCH");
        credentials.fetch_site = std::move(fetch_site);
        credentials.origin = std::move(origin);
        return verdict(Access::Admin, credentials);
    };
    EXPECT_EQ(change("same-origin", std::nullopt), "allowed");
    EXPECT_EQ(change(std::nullopt, kSite), "allowed");
    EXPECT_EQ(change(std::nullopt, "https://Depot.Example:443"), "allowed");
    EXPECT_EQ(change(std::nullopt, std::nullopt), kNotOurs);
    for (const auto* site :
         {"same-site", "cross-site", "none", "", "same-origin, cross-site", "Same-Origin"}) {
        EXPECT_EQ(change(site, kSite), kNotOurs) << site;
    }
    for (const auto* origin :
         {"null", "", "https://evil.example", "http://depot.example", "https://depot.example:444",
          "https://depot.example.evil.example", "https://depot.example, https://evil.example",
          "https://x.depot.example", "depot.example"}) {
        EXPECT_EQ(change(std::nullopt, origin), kNotOurs) << origin;
    }
    for (const auto* method : {"POST", "PUT", "DELETE", "get", ""}) {
        EXPECT_EQ(verdict(Access::Admin, with(cookie("admin"), method)), kNotOurs) << method;
    }
    EXPECT_EQ(verdict(Access::Viewer, with(cookie("admin"), "HEAD")), "allowed");
}

TEST_F(WithSession, ABadCookieIsNobodys) {
    const auto good = cookie("viewer");
    EXPECT_EQ(verdict(Access::Viewer, with("")), kNoSession);
    EXPECT_EQ(verdict(Access::Viewer, with(good.substr(1))), kNoSession);
    EXPECT_EQ(verdict(Access::Viewer, with(good.substr(0, good.size() - 4))), kNoSession);
    EXPECT_EQ(verdict(Access::Viewer, with(cookie("viewer", "https://other.example"))), kNoSession);
    // Another purpose: the cookie of a login that has just begun.
    Seal seal(folder_ / "keys");
    EXPECT_EQ(verdict(Access::Viewer, with(seal.close("login", "{}"))), kNoSession);
    // Planted by another host of the domain, beside ours.
    auto twice = with(good);
    *twice.cookie += "; __Host-coredepot=" + good;
    EXPECT_EQ(verdict(Access::Viewer, twice), kByToken);
}

TEST_F(WithSession, ItEnds) {
    const auto credentials = with(cookie("viewer"));
    now_ += hours(1) - std::chrono::seconds(1);
    EXPECT_EQ(verdict(Access::Viewer, credentials), "allowed");
    now_ += std::chrono::seconds(1);
    EXPECT_EQ(verdict(Access::Viewer, credentials), kNoSession);
}

TEST_F(WithSession, ItLivesAsLongAsItsKey) {
    const auto credentials = with(cookie("viewer"));
    const std::string newer = "two AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n";
    write_keys(newer + "one AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n");
    EXPECT_EQ(verdict(Access::Viewer, credentials), "allowed");
    write_keys(newer);
    EXPECT_EQ(verdict(Access::Viewer, credentials), kNoSession);
    // Another host's key under the same name.
    write_keys("one AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n");
    EXPECT_EQ(verdict(Access::Viewer, credentials), kNoSession);
}

TEST_F(WithSession, TheCookiesNameSaysWhetherItCameOverTls) {
    auto plain = with("");
    plain.cookie = "coredepot=" + cookie("viewer");
    EXPECT_EQ(verdict(Access::Viewer, plain), kByToken) << "the site is https";
    plain.site = "http://127.0.0.1:8080";
    EXPECT_EQ(verdict(Access::Viewer, plain, std::nullopt), "allowed");
    EXPECT_EQ(verdict(Access::Viewer, plain), kByToken) << "BASEURL counts";
    auto secure = with(cookie("viewer"));
    secure.site = kSite;
    EXPECT_EQ(verdict(Access::Viewer, secure, std::nullopt), "allowed");
    secure.site = "http://127.0.0.1:8080";
    EXPECT_EQ(verdict(Access::Viewer, secure, std::nullopt), kByToken);
}

TEST_F(WithSession, AnIdTokenThatIsTooLongForACookieIsLeftOut) {
    auto all = sessions();
    Session session{{"u1", "Mia"}, {"admin"}, now_, now_ + hours(1), std::string(1000, 'x')};
    EXPECT_EQ(all.read(all.write(session))->id_token, session.id_token);
    session.id_token = std::string(4000, 'x');
    const auto written = all.write(session);
    EXPECT_LE(written.size(), kMostCookieBytes);
    EXPECT_FALSE(all.read(written)->id_token);
    EXPECT_EQ(all.read(written)->roles, session.roles);
}

TEST(Cookies, AreForUsAlone) {
    const auto secure = set_cookie(true, cookie_name(true), "v", std::chrono::seconds(60));
    EXPECT_EQ(secure, "__Host-coredepot=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    EXPECT_EQ(forget_cookie(false, cookie_name(false, "-login-x")),
              "coredepot-login-x=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST(Cookies, AreFoundByTheirWholeName) {
    EXPECT_EQ(find_cookie("a=1; b=2", "b"), "2");
    EXPECT_EQ(find_cookie("b=2", "b"), "2");
    EXPECT_EQ(find_cookie("xb=2;b=3;", "b"), "3");
    EXPECT_EQ(find_cookie("b=a=c", "b"), "a=c");
    EXPECT_EQ(find_cookie("b", "b"), std::nullopt);
    EXPECT_EQ(find_cookie("", "b"), std::nullopt);
    EXPECT_EQ(find_cookie("B=1", "b"), std::nullopt);
    EXPECT_EQ(cookie_names("a-1=x; b=y; a-2=z", "a-"), (std::vector<std::string>{"a-1", "a-2"}));
}

}  // namespace
}  // namespace coredepot::auth
