#include "auth/claims.hpp"

#include <gtest/gtest.h>

#include "auth/identity.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using test::Members;

constexpr std::int64_t kNow = 1'700'000'000;

Claims check(const Members& members, const Expectation& expected) {
    auto claims = read_claims(*json::Object::parse(test::to_json(members)), expected);
    check_times(claims, expected.clock_skew, Timestamp(std::chrono::seconds(kNow)));
    return claims;
}

Claims check(const Members& changes, std::int64_t skew = 30,
             const std::optional<std::string>& roles_claim = std::nullopt) {
    Members members{
        {"iss", R"("https://id.example")"}, {"aud", R"("coredepot")"}, {"exp", "1700000300"}};
    for (const auto& [name, value] : changes) members[name] = value;
    return check(members,
                 {"https://id.example", "coredepot", std::chrono::seconds(skew), roles_claim});
}
/// Why the claims are refused; empty when they are not.
std::string refusal(const Members& changes, std::int64_t skew = 30) {
    try {
        check(changes, skew);
    } catch (const InvalidToken& refused) {
        return refused.what();
    }
    return "";
}

TEST(Claims, TheLeastThatIsGood) {
    const auto claims = check({});
    EXPECT_FALSE(claims.authorized_party);
    EXPECT_TRUE(claims.roles.empty());
}

TEST(Claims, WhomTheTokenNames) {
    const auto person = [](const Members& members) { return check(members).person; };
    EXPECT_FALSE(person({}).subject);
    EXPECT_FALSE(person({}).name);
    EXPECT_EQ(person({{"sub", R"("5f3a")"}, {"preferred_username", R"("ann")"}}).subject, "5f3a");
    EXPECT_EQ(person({{"preferred_username", R"("ann")"}}).name, "ann");
    EXPECT_EQ(person({{"name", R"("Ann O.")"}, {"preferred_username", R"("ann")"}}).name, "Ann O.");
    // Whoever chose it: it is shown beside what others did.
    EXPECT_EQ(person({{"name", R"("A\u0000\u001b[31m\u202eB")"}}).name, "A??[31m?B");
    EXPECT_EQ(person({{"name", '"' + std::string(1000, 'x') + '"'}}).name->size(), 255U);
    EXPECT_FALSE(person({{"name", "17"}}).name);
}

TEST(Claims, NoneOfTheThreeMayBeMissing) {
    EXPECT_EQ(refusal({{"iss", ""}}), "the token's iss is missing");
    EXPECT_EQ(refusal({{"aud", ""}}), "the token's aud is missing");
    EXPECT_EQ(refusal({{"exp", ""}}), "the token's exp is missing");
}

TEST(Claims, TheIssuerByteForByte) {
    for (const auto* other : {R"("https://id.example/")", R"("https://ID.example")", R"("")",
                              R"("https://id.example.evil")", R"("http://id.example")"}) {
        EXPECT_EQ(refusal({{"iss", other}}), "the token's iss is another issuer") << other;
    }
}

TEST(Claims, TheAudienceAloneOrAmongOthers) {
    EXPECT_EQ(refusal({{"aud", R"(["coredepot"])"}}), "");
    EXPECT_EQ(refusal({{"aud", R"(["account", "coredepot", "x"])"}}), "");
    EXPECT_EQ(refusal({{"aud", R"("account")"}}), "the token's aud is another audience");
    EXPECT_EQ(refusal({{"aud", R"("coredepot account")"}}), "the token's aud is another audience");
    for (const auto* other : {"[]", R"(["account"])", R"(["coredepo"])"}) {
        EXPECT_EQ(refusal({{"aud", other}}), "the token's aud does not contain our audience");
    }
}

TEST(Claims, OfTheWrongType) {
    for (const auto* bad : {"17", "null", "true", "{}", R"(["https://id.example"])"}) {
        EXPECT_EQ(refusal({{"iss", bad}}), "the token's iss is not a string") << bad;
    }
    for (const auto* bad : {"17", "null", "{}", R"(["coredepot", 1])", R"([["coredepot"]])"}) {
        EXPECT_EQ(refusal({{"aud", bad}}),
                  "the token's aud is neither a string nor an array of strings")
            << bad;
    }
    for (const auto* name : {"exp", "nbf", "iat"}) {
        for (const auto* bad : {R"("1700000300")", "null", "true", "[1700000300]", "{}"}) {
            EXPECT_EQ(refusal({{name, bad}}),
                      "the token's " + std::string(name) + " is not a number")
                << bad;
        }
    }
    for (const auto* name : {"azp", "sub"}) {
        for (const auto* bad : {"1", "null", R"(["x"])"}) {
            EXPECT_EQ(refusal({{name, bad}}),
                      "the token's " + std::string(name) + " is not a string")
                << bad;
        }
    }
}

TEST(Claims, ExpiryWithLeeway) {
    EXPECT_EQ(refusal({{"exp", "1699999971"}}), "");
    EXPECT_EQ(refusal({{"exp", "1699999970.5"}}), "");
    EXPECT_EQ(refusal({{"exp", "1.7e9"}}), "");
    for (const auto* past : {"1699999970", "1699999969.9", "1", "0", "-1", "1.6e9"}) {
        EXPECT_EQ(refusal({{"exp", past}}), "the token's exp is past") << past;
    }
    EXPECT_EQ(refusal({{"exp", "1700000000"}}, 0), "the token's exp is past");
    EXPECT_EQ(refusal({{"exp", "1700000001"}}, 0), "");
    EXPECT_EQ(refusal({{"exp", "1e300"}}), "");
}

TEST(Claims, NotYetValidWithLeeway) {
    EXPECT_EQ(refusal({{"nbf", "1700000030"}}), "");
    EXPECT_EQ(refusal({{"nbf", "0"}}), "");
    EXPECT_EQ(refusal({{"nbf", "1700000031"}}), "the token's nbf is in the future");
    EXPECT_EQ(refusal({{"nbf", "1700000001"}}, 0), "the token's nbf is in the future");
    EXPECT_EQ(refusal({{"nbf", "1e300"}}), "the token's nbf is in the future");
}

TEST(Claims, IssuedInTheFutureWithLeeway) {
    EXPECT_EQ(refusal({{"iat", "1700000030"}}), "");
    EXPECT_EQ(refusal({{"iat", "1699999999.25"}}), "");
    EXPECT_EQ(refusal({{"iat", "1700000031"}}), "the token's iat is in the future");
}

TEST(Claims, RolesOfTheRealmAndOfTheAudience) {
    const auto claims = check({{"azp", R"("web")"},
                               {"realm_access", R"({"roles": ["admin", "offline_access"]})"},
                               {"resource_access", R"({"coredepot": {"roles": ["pipeline"]},
                                                      "other": {"roles": ["root"]}})"}});
    EXPECT_EQ(claims.authorized_party, "web");
    EXPECT_EQ(claims.roles, (std::set<std::string>{"admin", "offline_access", "pipeline"}));
}

TEST(Claims, NoRolesAreNoFault) {
    for (const auto* name : {"realm_access", "resource_access"}) {
        EXPECT_TRUE(check({{name, "{}"}}).roles.empty());
    }
    EXPECT_TRUE(check({{"realm_access", R"({"roles": []})"}}).roles.empty());
    EXPECT_TRUE(check({{"resource_access", R"({"coredepot": {}})"}}).roles.empty());
    EXPECT_TRUE(check({{"roles", R"(["admin"])"}}).roles.empty());
    EXPECT_TRUE(check({{"resource_access", R"({"x": {"roles": ["admin"]}})"}}).roles.empty());
}

TEST(Claims, RolesOfTheWrongTypeAreNone) {
    for (const auto* bad : {"null", "[]", R"("admin")", "1", "true", R"(["admin"])"}) {
        EXPECT_TRUE(check({{"realm_access", bad}}).roles.empty()) << bad;
        EXPECT_TRUE(check({{"resource_access", bad}}).roles.empty()) << bad;
        EXPECT_TRUE(check({{"resource_access", R"({"coredepot": )" + std::string(bad) + "}"}})
                        .roles.empty())
            << bad;
    }
    for (const auto* bad : {"null", R"("admin")", R"(["admin", 1])", "1", "false"}) {
        const auto roles = R"({"roles": )" + std::string(bad) + "}";
        const auto claims = check(
            {{"realm_access", roles}, {"resource_access", R"({"coredepot": )" + roles + "}"}});
        EXPECT_TRUE(claims.roles.empty()) << bad;
    }
}

TEST(Claims, RolesAsAnObjectAreItsMembers) {
    const auto* zitadel = R"({"admin": {"17": "x.example"}, "pipeline": true, "": 0})";
    const std::set<std::string> all{"", "admin", "pipeline"};
    EXPECT_EQ(check({{"realm_access", R"({"roles": )" + std::string(zitadel) + "}"}}).roles, all);
    EXPECT_EQ(check({{"urn:roles", zitadel}}, 30, "urn:roles").roles, all);
    EXPECT_TRUE(check({{"urn:roles", R"({"admin": false, "pipeline": null})"}}, 30, "urn:roles")
                    .roles.empty());
}

TEST(Claims, RolesOfAClaimThatIsConfigured) {
    const auto roles = [](const char* claim) {
        return check({{"https://x/roles", claim}, {"realm_access", R"({"roles": ["realm"]})"}}, 30,
                     "https://x/roles")
            .roles;
    };
    using Roles = std::set<std::string>;
    EXPECT_EQ(roles(""), Roles{"realm"});
    EXPECT_EQ(roles(R"("admin")"), (Roles{"realm", "admin"}));
    EXPECT_EQ(roles(R"(" admin,pipeline  x ")"), (Roles{"realm", "admin", "pipeline", "x"}));
    EXPECT_EQ(roles(R"(["admin", "a b"])"), (Roles{"realm", "admin", "a b"}));
    for (const auto* none : {R"("")", R"(" , ")", "[]"}) EXPECT_EQ(roles(none), Roles{"realm"});
    for (const auto* bad : {"null", "1", "{}", R"(["admin", 1])", "true"}) {
        EXPECT_EQ(roles(bad), Roles{"realm"}) << bad;
    }
}

TEST(Claims, ATokenThatIsBoundToAKeyIsNoBearersToken) {
    EXPECT_EQ(refusal({{"cnf", R"({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})"}}),
              "the token's cnf.jkt binds it to a DPoP key, and it came as a bearer token");
    EXPECT_EQ(refusal({{"cnf", R"({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"})"}}),
              "the token's cnf.x5t#S256 binds it to a TLS client certificate, and it came as a "
              "bearer token");
    for (const auto* other : {R"({"jwk": {}})", R"({"kid": "x"})", "{}", "null", "17"}) {
        EXPECT_EQ(refusal({{"cnf", other}}),
                  "the token's cnf binds it to a key, and it came as a bearer token")
            << other;
    }
}

TEST(Claims, TheClientIsWhoeverIsNamedFirst) {
    const auto party = [](const Members& changes,
                          const std::optional<std::string>& device_claim = std::nullopt) {
        Members members{
            {"iss", R"("https://id.example")"}, {"aud", R"("coredepot")"}, {"exp", "1700000300"}};
        for (const auto& [name, value] : changes) members[name] = value;
        Expectation expected{"https://id.example", "coredepot", std::chrono::seconds(30)};
        expected.device_claim = device_claim;
        return check(members, expected).authorized_party;
    };
    EXPECT_EQ(party({{"azp", R"("a")"}, {"client_id", R"("c")"}}), "a");
    EXPECT_EQ(party({{"client_id", R"("c")"}}), "c");
    const Members all{{"azp", R"("a")"}, {"client_id", R"("c")"}, {"cid", R"("d")"}};
    EXPECT_EQ(party(all, "cid"), "d");
    EXPECT_EQ(party(all, "missing"), "a");
    EXPECT_THROW(party({{"client_id", "17"}}), InvalidToken);
    EXPECT_THROW(party({{"cid", "17"}, {"azp", R"("a")"}}, "cid"), InvalidToken);
}

TEST(Claims, WithoutAnAudienceOnlyWhereTheClientMayDoForOne) {
    const Members members{{"iss", R"("https://id.example")"}, {"exp", "1700000300"}};
    Expectation expected{"https://id.example", "coredepot", std::chrono::seconds(30)};
    EXPECT_THROW(check(members, expected), InvalidToken);
    expected.audience_by_client = true;
    EXPECT_TRUE(check(members, expected).without_audience);
    auto with_audience = members;
    with_audience["aud"] = R"("coredepot")";
    EXPECT_FALSE(check(with_audience, expected).without_audience);
    for (const auto* other : {R"("other")", "null", "[]", R"("")"}) {
        with_audience["aud"] = other;
        EXPECT_THROW(check(with_audience, expected), InvalidToken) << other;
    }
}

}  // namespace
}  // namespace coredepot::auth
