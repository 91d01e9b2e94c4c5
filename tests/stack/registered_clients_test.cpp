// Devices whose client ids the issuer made up: the registry says whose they are, also while the
// database is away. And tokens of issuers that write no audience.

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/fleet.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

Settings settings() {
    auto changed = issuer().settings();
    changed["OIDC_AUDIENCE"] = "coredepot client_id:web";
    return changed;
}

const bool kStack = use_stack(settings);

/// As an issuer writes it for the client itself, with `client_id` in the place of `azp`.
std::string token_of(const std::string& client, const Members& changes = {}) {
    Members members{{"azp", ""}, {"client_id", quote(client)}};
    for (const auto& [name, value] : changes) members[name] = value;
    return issuer().token(members);
}

HttpClient client_of(const std::string& client, const Members& changes = {}) {
    return HttpClient(stack().url(), {bearer(token_of(client, changes))});
}

const Members kAdminRole{{"realm_access", R"({"roles": ["admin"]})"}};

class RegisteredClients : public testing::Test {
  protected:
    void SetUp() override { stack().clients_send({bearer(issuer().role("admin"))}); }

    static HttpResponse give_client(const FleetDevice& device, const std::string& client) {
        return stack().client().send(
            {"PUT", device.path(), R"({"client_id": )" + client + "}", {}});
    }
    /// A device whose client is known by this name.
    static FleetDevice registered(const std::string& client) {
        auto device = make_device();
        const auto response = give_client(device, quote(client));
        EXPECT_EQ(response.status, 200) << response;
        EXPECT_EQ(response.json().at("client_id").text(), client);
        return device;
    }
    static int upload_status(const std::string& client) {
        return client_of(client).post(upload_target(""), "a core dump").status;
    }
};

TEST_F(RegisteredClients, AreWhoTheRegistrySays) {
    const auto device = registered("0oa-first");
    const auto uploaded = client_of("0oa-first").post(upload_target(""), "a core dump");
    ASSERT_EQ(uploaded.status, 201) << uploaded;
    EXPECT_EQ(rows_of(device),
              std::vector<std::int64_t>{uploaded.json().at("coredump_id").integer()});
    EXPECT_EQ(client_of("0oa-first").get("/api/iot/firmware-version").status, 200);
    EXPECT_TRUE(is_error(client_of("0oa-stranger").post(upload_target(""), "x"), 403,
                         "AUTHORIZATION_FAILED"));
}

// nginx asks `auth` about a large body by the head of its request alone.
TEST_F(RegisteredClients, UploadLargeCoredumpsToo) {
    const auto device = registered("0oa-large");
    const std::string large(1'000'000, 'x');
    EXPECT_EQ(client_of("0oa-large").post(upload_target(""), large).status, 201);
    EXPECT_TRUE(is_error(client_of("0oa-stranger").post(upload_target(""), large), 403,
                         "AUTHORIZATION_FAILED"));
    EXPECT_EQ(rows_of(device).size(), 1U);
}

TEST_F(RegisteredClients, OpenNoAdminsPathWhateverTheirRoles) {
    registered("0oa-with-roles");
    for (const auto* path : {"/api/devices", "/api/device-models"}) {
        EXPECT_TRUE(is_error(client_of("0oa-with-roles", kAdminRole).get(path), 403,
                             "AUTHORIZATION_FAILED"));
    }
    EXPECT_EQ(client_of("0oa-person", kAdminRole).get("/api/devices").status, 200);
}

TEST_F(RegisteredClients, AreOneDevicesEach) {
    const auto first = registered("0oa-one");
    const auto second = make_device();
    EXPECT_TRUE(is_error(give_client(second, quote("0oa-one")), 409, "RECORD_EXISTS",
                         "Device with client_id 0oa-one already exists"));
    const auto body =
        R"({"device_model_id": )" + std::to_string(first.model.id) + R"(, "client_id": "0oa-one"})";
    EXPECT_TRUE(is_error(stack().client().post("/api/devices", body), 409, "RECORD_EXISTS"));
    const auto own = "iotdevice-" + first.model.code + '-' + first.key;
    const auto cleared = give_client(first, "null");
    EXPECT_EQ(cleared.json().at("client_id").text(), own) << cleared;
    EXPECT_EQ(give_client(second, quote("0oa-one")).status, 200);
    EXPECT_EQ(give_client(first, quote(own)).json().at("client_id").text(), own);
    for (const auto* bad : {"\"\"", "17", R"("iotdevice-x-abcd1234")", R"("\u00e9")"}) {
        EXPECT_TRUE(is_error(give_client(first, bad), 400, "VALIDATION_FAILED")) << bad;
    }
}

TEST_F(RegisteredClients, ThatWereSeenUploadWhileTheDatabaseIsAway) {
    const auto device = registered("0oa-seen");
    registered("0oa-unseen");
    EXPECT_EQ(upload_status("0oa-seen"), 201);
    close_database();
    // By processes that know nothing but what is on the disk.
    for (int i = 0; i < 20; ++i) EXPECT_EQ(upload_status("0oa-seen"), 202);
    EXPECT_TRUE(
        is_error(client_of("0oa-unseen").post(upload_target(""), "x"), 503, "SERVICE_UNAVAILABLE"));
    open_database();
    EXPECT_TRUE(eventually([&] { return rows_of(device).size() == 20; }));  // MAX_COREDUMPS
    EXPECT_TRUE(eventually([] { return upload_status("0oa-unseen") == 201; }));
}

TEST_F(RegisteredClients, NeedNoAudienceWhereClientsDoForOne) {
    registered("0oa-without-audience");
    Members none{{"aud", ""}};
    EXPECT_EQ(client_of("0oa-without-audience", none).get("/api/iot/firmware-version").status, 200);
    none.insert(kAdminRole.begin(), kAdminRole.end());
    EXPECT_EQ(client_of("web", none).get("/api/devices").status, 200);
    EXPECT_TRUE(is_error(client_of("another-app", none).get("/api/devices"), 401,
                         "AUTHENTICATION_REQUIRED"));
}

}  // namespace
