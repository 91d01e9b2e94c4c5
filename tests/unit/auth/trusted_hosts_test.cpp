#include "auth/trusted_hosts.hpp"

#include <gtest/gtest.h>

#include "auth/authenticator.hpp"

namespace coredepot::auth {
namespace {

bool is_trusted(const TrustedHosts& hosts, const std::string& host,
                const std::string& origin = "") {
    try {
        hosts.check(host, origin);
        return true;
    } catch (const Forbidden&) {
        return false;
    }
}

TEST(TrustedHosts, ThisMachinesNamesAreAtAnyPort) {
    const TrustedHosts hosts(std::nullopt);
    for (const auto* host :
         {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:1", "[::1]", "[::1]:65535", ""}) {
        EXPECT_TRUE(is_trusted(hosts, host)) << host;
    }
}

TEST(TrustedHosts, OthersAreNot) {
    const TrustedHosts hosts(std::nullopt);
    for (const auto* host :
         {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
          "127.0.0.1@evil.example", "127.0.0.1:80@evil.example", "127.0.0.1:x", "127.0.0.2",
          "192.0.2.1", "[::2]", "[::1", "::1", "[::1]x", ":8080", ":", "[", "]", " localhost",
          "localhost "}) {
        EXPECT_FALSE(is_trusted(hosts, host)) << host;
    }
    using std::string_literals::operator""s;
    EXPECT_FALSE(is_trusted(hosts, "localhost\0.example"s));
}

TEST(TrustedHosts, BaseurlsNameIsToo) {
    const TrustedHosts hosts("https://Depot.example:8443/coredepot");
    EXPECT_TRUE(is_trusted(hosts, "depot.example"));
    EXPECT_TRUE(is_trusted(hosts, "DEPOT.example:8443"));
    EXPECT_TRUE(is_trusted(hosts, "localhost:8080"));
    EXPECT_FALSE(is_trusted(hosts, "other.example:8443"));
    EXPECT_FALSE(is_trusted(hosts, "depot.example.evil.example"));
    // A proxy may name us as it knows us, and leave the page's site as it is.
    EXPECT_TRUE(is_trusted(hosts, "127.0.0.1:8080", "https://depot.example:8443"));
    EXPECT_FALSE(is_trusted(hosts, "127.0.0.1:8080", "https://depot.example"));
}

TEST(TrustedHosts, PagesOfOtherSitesAreNot) {
    const TrustedHosts hosts(std::nullopt);
    EXPECT_TRUE(is_trusted(hosts, "127.0.0.1:8080", "http://127.0.0.1:8080"));
    EXPECT_TRUE(is_trusted(hosts, "LOCALHOST:8080", "http://localhost:8080"));
    for (const auto* origin : {"http://evil.example", "null", "http://localhost:3000", "http://",
                               "http://127.0.0.1:8080.evil.example", "127.0.0.1:8080", "://", " ",
                               "http://127.0.0.1:8080, http://127.0.0.1:8080"}) {
        EXPECT_FALSE(is_trusted(hosts, "127.0.0.1:8080", origin)) << origin;
    }
    EXPECT_FALSE(is_trusted(hosts, "", "http://"));
}

TEST(TrustedHosts, CountWhileNoTokensAreChecked) {
    const auto authenticator = make_authenticator(Config{});
    const Credentials foreign{std::nullopt, "abcd1234", "evil.example", std::nullopt};
    const Credentials own{std::nullopt, "abcd1234", "localhost", std::nullopt};
    for (const auto access : {Access::Device, Access::Admin, Access::Pipeline}) {
        EXPECT_THROW(authenticator->authenticate(access, foreign), Forbidden);
        EXPECT_NO_THROW(authenticator->authenticate(access, own));
    }
    EXPECT_NO_THROW(authenticator->authenticate(Access::Public, foreign));
}

}  // namespace
}  // namespace coredepot::auth
