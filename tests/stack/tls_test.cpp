// The TLS server, with a certificate made for the test.

#include <csignal>

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/invocation.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

/// A folder as a sysadmin would fill it: certificates of a CA of our own for the server and for a
/// client.
class Certificates {
  public:
    Certificates() {
        openssl({"req", "-x509", "-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.pem"});
        issue("privkey.pem", "fullchain.pem", "subjectAltName=IP:127.0.0.1");
        issue("client.key", "client.pem", "extendedKeyUsage=clientAuth");
        std::filesystem::copy(folder_ / "ca.pem", folder_ / "client-ca.pem");
    }

    const std::filesystem::path& folder() const { return folder_.path(); }
    std::string path(const char* name) const { return folder_ / name; }

  private:
    void issue(const std::string& key, const std::string& certificate,
               const std::string& extension) const {
        openssl({"req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=test",
                 "-addext", extension, "-addext", "basicConstraints=critical,CA:FALSE", "-keyout",
                 key, "-out", certificate});
    }
    void openssl(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "openssl");
        arguments.insert(arguments.end(), {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                           "-noenc", "-days", "1"});
        const auto result = invoke({arguments, {}, folder_.path()});
        EXPECT_EQ(result.status, 0) << result;
    }

    TemporaryFolder folder_;
};

const Certificates& certificates() {
    static const Certificates made;
    return made;
}

Settings settings() {
    return {{"PARSE_SIDECAR_URL", ""}, {"TLS_DIR", certificates().folder()}};
}

const bool kStack = use_stack(settings);

std::string https(const std::string& target) {
    return "https://127.0.0.1:" + std::to_string(stack().tls_port()) + target;
}

/// The status is what curl ends with, the output the answer with its head.
InvocationResult curl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"curl", "-sSi", "--noproxy", "*", "--cacert", certificates().path("ca.pem")});
    return invoke({arguments});
}

HttpResponse response_to(const std::vector<std::string>& arguments) {
    const auto result = curl(arguments);
    EXPECT_EQ(result.status, 0) << result;
    auto response = parse_response(result.output);
    expect_contract(response, arguments.back());
    return response;
}

/// A handshake and what openssl says about it.
InvocationResult handshake(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{
        "openssl",  "s_client",
        "-connect", "127.0.0.1:" + std::to_string(stack().tls_port()),
        "-CAfile",  certificates().path("ca.pem")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return invoke({arguments});
}

constexpr const char* kHsts = "strict-transport-security";

TEST(Tls, ServesTheApi) {
    const auto device = make_device();
    const auto response =
        response_to({"--data-binary", "a core dump", https(upload_target(device.key))});
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(rows_of(device).size(), 1U);
    EXPECT_EQ(response_to({https(device.path())}).status, 200);
}

TEST(Tls, EveryAnswerAsksForTlsInFuture) {
    const auto device = make_device();
    const auto coredump = upload(device);
    for (const auto& target :
         {std::string("/health"), std::string("/nothing"), std::string("/api/iot/firmware"),
          device.coredump_path(coredump.id) + "/download"}) {
        EXPECT_EQ(response_to({https(target)}).all(kHsts),
                  std::vector<std::string>{"max-age=63072000"})
            << target;
    }
    // In clear text it would be no promise (RFC 6797, section 7.2).
    EXPECT_TRUE(stack().client().get("/health").all(kHsts).empty());
}

TEST(Tls, OldProtocolsAreRefused) {
    for (const auto* version : {"-tls1_2", "-tls1_3"}) {
        const auto result = handshake({version});
        EXPECT_EQ(result.status, 0) << result;
        EXPECT_NE(result.output.find("Verify return code: 0 (ok)"), std::string::npos) << result;
    }
    // This openssl would, which is why it is the server who refuses.
    for (const auto* version : {"-tls1", "-tls1_1"}) {
        const auto result = handshake({version, "-cipher", "DEFAULT:@SECLEVEL=0"});
        EXPECT_NE(result.errors.find("alert protocol version"), std::string::npos) << result;
    }
}

TEST(Tls, OnlyCiphersWithForwardSecrecyAndAuthentication) {
    for (const auto* good : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"}) {
        EXPECT_EQ(handshake({"-tls1_2", "-cipher", good}).status, 0) << good;
    }
    for (const auto* bad : {"ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "AES128-SHA"}) {
        const auto result = handshake({"-tls1_2", "-cipher", std::string(bad) + ":@SECLEVEL=0"});
        EXPECT_NE(result.errors.find("alert handshake failure"), std::string::npos) << result;
    }
}

TEST(Tls, SessionsAreResumed) {
    const auto session = certificates().path("session");
    const auto first = handshake({"-tls1_2", "-sess_out", session});
    EXPECT_NE(first.output.find("New, TLSv1.2"), std::string::npos) << first;
    const auto second = handshake({"-tls1_2", "-sess_in", session});
    EXPECT_NE(second.output.find("Reused, TLSv1.2"), std::string::npos) << second;
}

TEST(Tls, PlainHttpLeadsThereWithMethodAndBody) {
    const auto port = stack().redirect_port();
    for (const std::string method : {"GET", "POST"}) {
        const auto response = raw_exchange(
            port, method + " /api/devices/1?a=%20b HTTP/1.1\r\nHost: depot.example\r\n" +
                      "Connection: close\r\nContent-Length: 3\r\n\r\nabc");
        EXPECT_EQ(response.status, 308);
        EXPECT_EQ(response.header("location"), "https://depot.example/api/devices/1?a=%20b");
        EXPECT_TRUE(response.all(kHsts).empty());
    }
}

TEST(Tls, PlainHttpOnItsPortIsTheClientsFault) {
    const auto response = raw_exchange(
        stack().tls_port(), "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED"));
}

TEST(Tls, IsClosedUnlessTokensAreChecked) {
    const auto becomes = [](int status) {
        ::kill(std::stoi(content_of(stack().state() / "nginx/nginx.pid")), SIGHUP);
        return eventually([&] { return response_to({https("/health")}).status == status; });
    };
    const auto checked = stack().state() / "nginx/etc/tokens-checked.conf";
    const auto said = content_of(checked);
    std::filesystem::remove(checked);
    EXPECT_TRUE(becomes(503));
    EXPECT_TRUE(is_error(response_to({https("/api/devices")}), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_TRUE(
        is_error(response_to({https("/api/docs/openapi.yaml")}), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(stack().client().get("/health").status, 200);
    EXPECT_TRUE(eventually([] {
        return stack().logs()["access.log"].find("note=tokens-not-checked") != std::string::npos;
    }));
    write_file(checked, said);
    EXPECT_TRUE(becomes(200));
}

TEST(Tls, ClientCertificatesAreRequiredOnceEnabled) {
    EXPECT_EQ(response_to({https("/health")}).status, 200);
    std::filesystem::create_symlink(stack().state() / "nginx/conf/client_certificates.conf",
                                    certificates().folder() / "client_certificates.conf");
    restart_stack(settings());

    EXPECT_TRUE(is_error(response_to({https("/health")}), 403, "AUTHORIZATION_FAILED",
                         "A client certificate is required"));
    const auto with = [&](const char* certificate, const char* key) {
        return response_to({"--cert", certificates().path(certificate), "--key",
                            certificates().path(key), https("/health")});
    };
    EXPECT_EQ(with("client.pem", "client.key").status, 200);
    // Of a CA with the same name and another key.
    const Certificates others;
    std::filesystem::copy(others.path("client.pem"), certificates().folder() / "other.pem");
    std::filesystem::copy(others.path("client.key"), certificates().folder() / "other.key");
    EXPECT_TRUE(is_error(with("other.pem", "other.key"), 403, "AUTHORIZATION_FAILED",
                         "The client certificate is not accepted"));
    // The loopback server is for those who are here already.
    EXPECT_EQ(stack().client().get("/health").status, 200);
}

}  // namespace
