// Tokens that do not count, over nginx: 401 in the shape of errors, and a reason in the log that
// holds nothing of the token.

#include <gtest/gtest.h>

#include "support/fastcgi_client.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

const bool kStack = use_stack([] { return issuer().settings(); });

/// Opens everything but /api/iot/, if it counts.
const Members kAdmin{{"realm_access", R"({"roles": ["admin"]})"}};

Members with(Members members, const Members& changes) {
    for (const auto& [name, value] : changes) members[name] = value;
    return members;
}

std::string admin(const Members& changes = {}) {
    return issuer().token(with(kAdmin, changes));
}

/// The claims of an admin with another header, signed with the RSA key.
std::string admin_with_header(const Members& changes) {
    const auto header = to_json(
        with({{"alg", quote("RS256")}, {"kid", quote("rsa")}, {"typ", quote("JWT")}}, changes));
    return signed_token(issuer().rsa(), "RS256", header, issuer().payload(kAdmin));
}

std::string mac(const std::string& secret, const std::string& algorithm) {
    const auto header = to_json({{"alg", quote(algorithm)}, {"kid", quote("rsa")}});
    return mac_token(secret, header, issuer().payload(kAdmin));
}

HttpResponse ask(const HttpClient::Headers& headers) {
    return HttpClient(stack().url()).get("/api/devices", headers);
}

/// What the handlers said of a request.
std::string log_of(const std::string& request_id) {
    std::string lines;
    for (const auto& [name, log] : stack().logs()) {
        if (name == "access.log") continue;
        for (auto at = log.find(request_id); at != std::string::npos;
             at = log.find(request_id, at + 1)) {
            const auto begin = log.rfind('\n', at) + 1;
            lines += log.substr(begin, log.find('\n', at) + 1 - begin);
        }
    }
    return lines;
}

/// No log has a piece of the token that is long enough to be one.
void expect_unmentioned(const std::string& token) {
    constexpr std::size_t kTelling = 16;
    for (const auto& [name, log] : stack().logs()) {
        for (std::size_t at = 0; at + kTelling <= token.size(); at += kTelling) {
            ASSERT_EQ(log.find(token.substr(at, kTelling)), std::string::npos) << name;
        }
    }
}

/// Refused, for the reason that the log has.
void expect_refused(const std::string& what, const std::string& token, const std::string& reason) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, what);
    HttpResponse response;
    // Of a key that is not known the issuer is asked, which has its limits: 503 until then.
    EXPECT_TRUE(eventually([&] {
        response = ask({bearer(token)});
        return response.status != 503;
    }));
    EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED", "Authentication is required"));
    EXPECT_EQ(response.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    const auto lines = log_of(response.header("x-request-id"));
    EXPECT_NE(lines.find("not authenticated reason=\"" + reason + '"'), std::string::npos) << lines;
    expect_unmentioned(token);
}

/// Signed by somebody else, but otherwise good.
std::string forged(const Members& header) {
    static const auto mine = SigningKey::rsa("mine");
    const auto text = to_json(with({{"alg", quote("RS256")}}, header));
    return signed_token(mine, "RS256", text, issuer().payload(kAdmin));
}

TEST(Tokens, GoodOnesCount) {
    EXPECT_EQ(ask({bearer(admin())}).status, 200);
    EXPECT_EQ(ask({bearer(admin({{"aud", R"(["account", "coredepot"])"}}))}).status, 200);
    EXPECT_EQ(ask({bearer(admin({{"nbf", epoch_seconds()}, {"sub", quote("x")}}))}).status, 200);
    for (const auto* algorithm : {"RS384", "RS512"}) {
        const auto token = signed_token(issuer().rsa(), algorithm, issuer().payload(kAdmin));
        EXPECT_EQ(ask({bearer(token)}).status, 200) << algorithm;
    }
    const auto es256 = signed_token(issuer().ec(), "ES256", issuer().payload(kAdmin));
    EXPECT_EQ(ask({bearer(es256)}).status, 200);
    const auto* audience = R"({"coredepot": {"roles": ["admin"]}})";
    EXPECT_EQ(ask({bearer(issuer().token({{"resource_access", audience}}))}).status, 200);
}

TEST(Tokens, SchemesInAnyCaseAndOtherSchemes) {
    for (const auto* scheme : {"bearer", "BEARER", "bEaReR", "Bearer  "}) {
        EXPECT_EQ(ask({"Authorization: " + std::string(scheme) + ' ' + admin()}).status, 200);
    }
    for (const auto* header :
         {"Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Digest username=\"admin\"",
          "Authorization: Negotiate YII=", "Authorization: Bearers x.y.z", "Authorization: x",
          "Authorization;"}) {
        const auto response = ask({header});
        EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED")) << header;
        EXPECT_EQ(response.header("www-authenticate"), "Bearer") << header;
        const auto lines = log_of(response.header("x-request-id"));
        EXPECT_NE(lines.find("reason=\"no bearer token\""), std::string::npos) << lines;
    }
    // A token anywhere else is none (RFC 6750, sections 2.2 and 2.3, are ways into the logs).
    EXPECT_TRUE(is_error(HttpClient(stack().url()).get("/api/devices?access_token=" + admin()), 401,
                         "AUTHENTICATION_REQUIRED"));
}

TEST(Tokens, TwoAtOnce) {
    const auto good = admin();
    const auto two = bearer(good) + "\r\n" + bearer(good) + "\r\n";
    const auto other = bearer(good) + "\r\nAuthorization: Basic YTpi\r\n";
    for (const auto& headers : {two, other}) {
        const auto response = raw_exchange(
            stack().port(),
            "GET /api/devices HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
        // nginx 1.22 refuses a second one itself; later ones hand both on.
        EXPECT_TRUE(response.status == 400 || response.status == 401) << response;
    }
    EXPECT_TRUE(is_error(ask({bearer(good) + ", Bearer " + good}), 401, "AUTHENTICATION_REQUIRED"));
    expect_unmentioned(good);
}

TEST(Tokens, WithoutASignature) {
    for (const auto* algorithm : {"none", "None", "NONE", ""}) {
        const auto header = base64url(to_json({{"alg", quote(algorithm)}, {"kid", quote("rsa")}}));
        const auto unsigned_token = header + '.' + base64url(issuer().payload(kAdmin)) + '.';
        expect_refused(algorithm, unsigned_token, "the token's algorithm is not accepted");
        expect_refused(algorithm, unsigned_token + base64url(std::string(256, 'x')),
                       "the token's algorithm is not accepted");
    }
    const auto good = admin();
    expect_refused("cut off", good.substr(0, good.rfind('.') + 1),
                   "the token's signature is not base64url");
    expect_refused("two segments", good.substr(0, good.rfind('.')),
                   "the token has too few segments");
    expect_refused("four segments", good + ".x", "the token has too many segments");
    expect_refused("a JWE", good + ".x.y", "the token has too many segments");
}

TEST(Tokens, APublicKeyAsASecret) {
    for (const auto& secret : {issuer().rsa().pem(), issuer().rsa().jwk(), std::string()}) {
        expect_refused("HS256", mac(secret, "HS256"), "the token's algorithm is not accepted");
        expect_refused("HS256 that says RS256", mac(secret, "RS256"),
                       "the token's signature is not good");
    }
}

TEST(Tokens, AKeyOfTheWrongType) {
    const auto payload = issuer().payload(kAdmin);
    const auto signed_by = [&](const SigningKey& key, const char* algorithm, const char* kid) {
        const auto header = to_json({{"alg", quote(algorithm)}, {"kid", quote(kid)}});
        return signed_token(key, algorithm, header, payload);
    };
    const std::string no_key = "no key of the issuer's fits the token";
    expect_refused("EC signature, RSA key", signed_by(issuer().ec(), "ES256", "rsa"), no_key);
    expect_refused("RSA signature, EC key", signed_by(issuer().rsa(), "RS256", "ec"), no_key);
    expect_refused("EC signature that says RSA", signed_by(issuer().ec(), "RS256", "rsa"),
                   "the token's signature is not good");
    for (const auto* other : {"PS256", "ES384", "ES512", "EdDSA", "RS1", "rs256", "RSA-OAEP"}) {
        expect_refused(other, admin_with_header({{"alg", quote(other)}}),
                       "the token's algorithm is not accepted");
    }
}

TEST(Tokens, OnesThatBringTheirKey) {
    const auto mine = SigningKey::rsa("mine");
    const auto url = quote(issuer().server().url() + "/evil");
    for (const auto& [name, value] : Members{{"jwk", mine.jwk()},
                                             {"jku", url},
                                             {"x5u", url},
                                             {"x5c", R"(["MIIB"])"},
                                             {"b64", "false"},
                                             {"crit", R"(["exp"])"}}) {
        const auto reason = "the token's header has the parameter " + name;
        expect_refused("its own " + name, forged({{name, value}}), reason);
        // Also when it is well signed: what it asks for is not done.
        expect_refused("well signed, " + name, admin_with_header({{name, value}}), reason);
    }
    EXPECT_EQ(issuer().server().asked("/evil"), 0);
    expect_refused("another's signature", forged({{"kid", quote("rsa")}}),
                   "the token's signature is not good");
}

TEST(Tokens, ClaimsThatAreMissing) {
    for (const auto* name : {"iss", "aud", "exp"}) {
        for (const auto* nothing : {"", "null"}) {
            const auto response = ask({bearer(admin({{name, nothing}}))});
            EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED")) << name;
        }
        expect_refused(name, admin({{name, ""}}),
                       std::string("the token's ") + name + " is missing");
    }
}

TEST(Tokens, ClaimsThatAreOthers) {
    expect_refused("past", admin({{"exp", epoch_seconds(-60)}}), "the token's exp is past");
    expect_refused("early", admin({{"nbf", epoch_seconds(3000)}}),
                   "the token's nbf is in the future");
    expect_refused("from the future", admin({{"iat", epoch_seconds(3000)}}),
                   "the token's iat is in the future");
    const auto url = issuer().server().url();
    for (const auto& other :
         {url + "/", url + "x", std::string("https://evil.example"), std::string()}) {
        expect_refused(other, admin({{"iss", quote(other)}}), "the token's iss is another issuer");
    }
    for (const auto* other : {"account", "Coredepot", "coredepot ", "", "coredepot account"}) {
        expect_refused(other, admin({{"aud", quote(other)}}),
                       "the token's aud is another audience");
    }
    for (const auto* others : {"[]", R"(["account"])", R"(["core", "depot"])"}) {
        expect_refused(others, admin({{"aud", others}}),
                       "the token's aud does not contain our audience");
    }
}

TEST(Tokens, TimesOfEveryKind) {
    expect_refused("text", admin({{"exp", quote(epoch_seconds(3600))}}),
                   "the token's exp is not a number");
    for (const auto* past : {"-1", "0", "-1e300", "1.5", "-0.0"}) {
        expect_refused(past, admin({{"exp", past}}), "the token's exp is past");
    }
    // Not a number that a double holds: as JSON readers have it, no JSON.
    for (const auto* bad : {"1e400", "-1e400", "NaN", "Infinity", "0x7fffffff", "+1", "01"}) {
        expect_refused(bad, admin({{"exp", bad}}), "the token's payload is not a JSON object");
    }
    // How long a token is good is for the issuer to say.
    for (const auto* late : {"99999999999", "4102444800.5", "1e300", "18446744073709551615"}) {
        EXPECT_EQ(ask({bearer(admin({{"exp", late}}))}).status, 200) << late;
    }
    expect_refused("nbf", admin({{"nbf", "1e300"}}), "the token's nbf is in the future");
    expect_refused("iat", admin({{"iat", R"("now")"}}), "the token's iat is not a number");
}

TEST(Tokens, JsonOfEveryKind) {
    const auto* twice = R"("x","aud":"coredepot")";
    expect_refused("a claim twice", admin({{"aud", twice}}),
                   "the token's payload has a member twice");
    expect_refused("a role twice",
                   issuer().token({{"realm_access", R"({"roles": [], "roles": ["admin"]})"}}),
                   "the token's payload has a member twice");
    expect_refused("kid twice", admin_with_header({{"kid", R"("x","kid":"rsa")"}}),
                   "the token's header has a member twice");
    for (const std::size_t depth : {100, 3000}) {
        const auto nested = std::string(depth, '[') + std::string(depth, ']');
        const auto response = ask({bearer(admin({{"x", nested}}))});
        EXPECT_TRUE(response.status == 200 || response.status == 401) << depth;
    }
    for (const std::string payload :
         {"[]", "null", "\"x\"", "{", "{}x", "\xff", "{\"a\":\"\xff\"}"}) {
        expect_refused(payload, signed_token(issuer().rsa(), "RS256", payload),
                       "the token's payload is not a JSON object");
    }
    for (const auto* junk : {"..", "...", ".", "a", "a.b.c", "e30.e30.e30", "-", "_._._"}) {
        EXPECT_TRUE(is_error(ask({bearer(junk)}), 401, "AUTHENTICATION_REQUIRED")) << junk;
    }
}

TEST(Tokens, KeyNamesOfEveryKind) {
    const std::string no_key = "no key of the issuer's fits the token";
    for (const auto& name : {std::string(8000, 'k'), std::string("../../../etc/passwd"),
                             std::string("rsa\\u0000"), std::string("' OR 1=1 --"),
                             std::string("\\ud83d\\ude00"), std::string(R"(\n\r\u001b[31m)"),
                             std::string("%s%n"), std::string("RSA"), std::string()}) {
        expect_refused(name.substr(0, 50), admin_with_header({{"kid", quote(name)}}), no_key);
    }
    for (const auto* bad : {"1", "null", "[\"rsa\"]", "{}"}) {
        expect_refused(bad, admin_with_header({{"kid", bad}}), "the token's kid is not a string");
    }
    expect_refused("no kid", admin_with_header({{"kid", ""}}), no_key);
}

/// What nginx does not read to its end does not get to the handlers: it says so itself.
TEST(Tokens, LargeOnes) {
    EXPECT_EQ(ask({bearer(admin({{"x", quote(std::string(11'000, 'x'))}}))}).status, 200);
    for (const std::size_t size : {16'000, 70'000, 1'048'576}) {
        const auto huge = bearer(admin({{"x", quote(std::string(size, 'x'))}}));
        const auto response = raw_exchange(
            stack().port(),
            "GET /api/devices HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + huge + "\r\n\r\n");
        EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED"));
        EXPECT_TRUE(eventually([&] {
            return stack().logs()["access.log"].find("note=headers-too-long") != std::string::npos;
        }));
    }
}

TEST(Tokens, LargeOnesPastNginx) {
    for (const std::size_t size : {16'000, 70'000, 1'048'576}) {
        const auto huge = admin({{"x", quote(std::string(size, 'x'))}});
        const auto answer = fastcgi_exchange(stack().state() / "run" / "registry.sock",
                                             {{"REQUEST_METHOD", "GET"},
                                              {"DOCUMENT_URI", "/api/devices"},
                                              {"REQUEST_ID", "straight"},
                                              {"HTTP_AUTHORIZATION", "Bearer " + huge}});
        EXPECT_TRUE(answer.starts_with("Status: 401 ")) << answer;
        EXPECT_NE(answer.find("AUTHENTICATION_REQUIRED"), std::string::npos) << answer;
    }
    const auto lines = log_of("straight");
    EXPECT_NE(lines.find("reason=\"the token is longer than 16 KiB\""), std::string::npos) << lines;
}

TEST(Tokens, TwoHeadersPastNginx) {
    const auto both = "Bearer " + admin();
    const auto answer = fastcgi_exchange(stack().state() / "run" / "registry.sock",
                                         {{"REQUEST_METHOD", "GET"},
                                          {"DOCUMENT_URI", "/api/devices"},
                                          {"HTTP_AUTHORIZATION", both},
                                          {"HTTP_AUTHORIZATION", both}});
    EXPECT_TRUE(answer.starts_with("Status: 401 ")) << answer;
}

}  // namespace
