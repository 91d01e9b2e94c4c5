// An object store behind TLS: it is who it should be, or nobody gives it or takes from it anything.

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/invocation.hpp"
#include "support/s3_server.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

/// A folder with a certificate for localhost, which is its own CA: what it and its key are called.
struct Certificate {
    explicit Certificate(const TemporaryFolder& folder, const std::string& name)
        : file(folder / (name + ".pem")), key(folder / (name + ".key")) {
        const auto made =
            invoke({{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-noenc", "-days", "1", "-subj", "/CN=" + name,
                     "-addext", "subjectAltName=DNS:localhost", "-out", file, "-keyout", key},
                    {},
                    folder.path()});
        EXPECT_EQ(made.status, 0) << made;
    }
    std::string file;
    std::string key;
};

struct Certificates {
    TemporaryFolder folder;
    Certificate own{folder, "own"};
    Certificate other{folder, "other"};
    std::string trusted = folder / "trusted.pem";
};

const Certificates& certificates() {
    static const Certificates made;
    return made;
}

void trust(const Certificate& certificate) {
    write_file(certificates().trusted, read_bytes(certificate.file));
}

S3Server& store() {
    static S3Server server(certificates().own.file, certificates().own.key);
    return server;
}

Settings settings(const std::string& trusted) {
    auto settings = store().settings();
    settings["S3_ENDPOINT"] = store().tls_url();
    settings["S3_CA_FILE"] = trusted;
    settings["COREDUMPS_DIR"] = "";
    return settings;
}

const bool kStack = use_stack([] {
    trust(certificates().own);
    return settings(certificates().trusted);
});

TEST(ObjectStorageTls, HandlersAndNginxVerifyTheStore) {
    const auto device = make_device();
    const auto path = device.coredump_path(upload(device, "a core dump").id) + "/download";
    EXPECT_EQ(store().keys().size(), 1U);
    EXPECT_EQ(stack().client().get(path).body, "a core dump");

    // The handler, which asks first, goes on to find the object.
    trust(certificates().other);
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return stack().client().get(path).status == 503; }));
    trust(certificates().own);
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return stack().client().get(path).status == 200; }));
}

TEST(ObjectStorageTls, AStoreThatNobodyVouchesForGetsNothing) {
    const TemporaryFolder folder;
    const Stack wary(folder.path(), settings(certificates().other.file));
    const auto model = wary.client().post("/api/device-models", R"({"code": "m", "name": "M"})");
    const auto device = wary.client().post(
        "/api/devices",
        R"({"device_model_id": )" + std::to_string(model.json().at("id").integer()) + '}');
    const auto known = store().keys();
    const auto target = upload_target(device.json().at("key").text());
    EXPECT_EQ(wary.client().post(target, "secret").status, 202);
    EXPECT_EQ(store().keys(), known);
    EXPECT_EQ(wary.client().get("/health").json().at("object_store").text(), "unavailable");
}

}  // namespace
