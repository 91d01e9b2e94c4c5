// Against a real identity provider from end to end: discovery, tokens by client credentials, what
// one gets done with them, and a change of keys.

#include "support/identity_provider.hpp"

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

constexpr const char* kSecret = "s3cret-of-clients";

IdentityProvider& provider() {
    static const TemporaryFolder folder;
    static IdentityProvider only(folder.path(), SigningKey::rsa("first"));
    return only;
}

Settings settings() {
    return {{"OIDC_ENABLED", "true"},
            {"OIDC_ISSUER_URL", provider().issuer()},
            {"OIDC_CLIENT_ID", IdentityProvider::kScope},
            {"OIDC_ROLES_CLAIM", IdentityProvider::kRolesClaim},
            {"PARSE_SIDECAR_URL", ""}};
}

const bool kStack = use_stack([] {
    provider().add_client("web", kSecret, "admin");
    provider().add_client("ci", kSecret, "pipeline");
    provider().add_client("visitor", kSecret, "");
    return settings();
});

/// Where the issuer's own description says that tokens are to be had.
std::string token_path() {
    const auto issuer = provider().issuer();
    const auto origin = issuer.substr(0, issuer.find('/', std::string("http://").size()));
    auto client = HttpClient::of_others(origin);
    const auto discovery =
        client.get(issuer.substr(origin.size()) + "/.well-known/openid-configuration").json();
    return discovery.at("token_endpoint").text().substr(origin.size());
}

/// As upload.sh or a device would get it (RFC 6749, sections 2.3.1 and 4.4).
std::string token_of(const std::string& client_id) {
    const auto issuer = provider().issuer();
    const auto body =
        "grant_type=client_credentials&scope=" + std::string(IdentityProvider::kScope) +
        "&client_id=" + client_id + "&client_secret=" + kSecret;
    auto client = HttpClient::of_others(issuer.substr(0, issuer.find("/api/")));
    const auto response =
        client.post(token_path(), body, {"Content-Type: application/x-www-form-urlencoded"});
    if (response.status != 200) throw std::runtime_error(response.body + provider().log());
    return response.json().at("access_token").text();
}

HttpClient client_with(const std::string& token) {
    return HttpClient(stack().url(), {"Authorization: Bearer " + token});
}

std::string client_id(const FleetDevice& device) {
    return "iotdevice-" + device.model.code + '-' + device.key;
}

/// A device that is known to both.
FleetDevice register_device() {
    auto device = make_device();
    provider().add_client(client_id(device), kSecret, "");
    return device;
}

class WithProvider : public testing::Test {
  protected:
    void SetUp() override { stack().clients_send({"Authorization: Bearer " + token_of("web")}); }
};

TEST_F(WithProvider, AnAdminRegistersADeviceThatUploadsAndThePipelineSendsFirmware) {
    const auto device = register_device();
    auto as_device = client_with(token_of(client_id(device)));
    auto as_admin = client_with(token_of("web"));
    auto as_pipeline = client_with(token_of("ci"));

    EXPECT_EQ(as_pipeline.post(device.model.firmware_path(), esp_image("1.2.3")).status, 200);
    EXPECT_EQ(as_device.get("/api/iot/firmware").body, esp_image("1.2.3"));
    const auto uploaded = as_device.post(upload_target(""), "a core dump");
    ASSERT_EQ(uploaded.status, 201) << uploaded;
    const auto coredump = uploaded.json().at("coredump_id").integer();
    EXPECT_EQ(as_admin.get(device.coredump_path(coredump)).status, 200);
    EXPECT_EQ(as_admin.get(device.coredump_path(coredump) + "/download").body, "a core dump");
}

TEST_F(WithProvider, NobodyGetsFurtherThanTheirRole) {
    const auto device = register_device();
    auto as_device = client_with(token_of(client_id(device)));
    auto as_pipeline = client_with(token_of("ci"));
    auto as_visitor = client_with(token_of("visitor"));
    auto as_admin = client_with(token_of("web"));
    const auto expect_forbidden = [](const HttpResponse& response) {
        EXPECT_TRUE(is_error(response, 403, "AUTHORIZATION_FAILED"));
    };
    expect_forbidden(as_device.get(device.coredumps_path()));
    expect_forbidden(as_device.post(device.model.firmware_path(), esp_image("1.0.0")));
    expect_forbidden(as_pipeline.get("/api/devices"));
    expect_forbidden(as_pipeline.post(upload_target(device.key), "x"));
    expect_forbidden(as_visitor.get("/api/devices"));
    expect_forbidden(as_visitor.get(device.model.firmware_path() + "-version"));
    expect_forbidden(as_visitor.get("/api/iot/firmware-version"));
    expect_forbidden(as_admin.get("/api/iot/firmware-version"));
}

TEST_F(WithProvider, ATokenForSomebodyElseIsRefused) {
    const auto strict = [] {
        auto changed = settings();
        changed["OIDC_AUDIENCE"] = "something-else";
        return changed;
    }();
    const auto token = token_of("web");
    restart_stack(strict);
    EXPECT_TRUE(is_error(client_with(token).get("/api/devices"), 401, "AUTHENTICATION_REQUIRED"));
    restart_stack(settings());
    EXPECT_EQ(client_with(token).get("/api/devices").status, 200);
}

TEST_F(WithProvider, ItsKeysChange) {
    const auto first = SigningKey::rsa("rotated-1");
    const auto second = SigningKey::ec("rotated-2");
    const auto is_good = [](const std::string& token) {
        return client_with(token).get("/api/devices").status == 200;
    };
    provider().use_keys({first});
    const auto old_token = token_of("web");
    EXPECT_TRUE(eventually([&] { return is_good(old_token); }));

    // The new key signs, and the old one is still published.
    provider().use_keys({second, first});
    const auto new_token = token_of("web");
    EXPECT_TRUE(eventually([&] { return is_good(new_token); }));
    EXPECT_TRUE(is_good(old_token));

    // The old one is not published any more: by the next time that keys are fetched.
    const auto third = SigningKey::ec("rotated-3");
    provider().use_keys({third, second});
    EXPECT_TRUE(eventually([&] { return is_good(token_of("web")); }));
    restart_stack(settings());
    EXPECT_FALSE(is_good(old_token));
    EXPECT_TRUE(is_good(new_token));
}

}  // namespace
