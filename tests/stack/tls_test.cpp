// The TLS server, with a certificate made for the test.

#include <array>
#include <csignal>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/firmware.hpp"
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

/// Between a client and the TLS server: passes on what either says and keeps what the server said.
class Tap {
  public:
    explicit Tap(int server_port) : server_port_(server_port) {
        constexpr int kOn = 1;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
        EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), length), 0);
        EXPECT_EQ(::listen(listening_, 1), 0);
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { pass_on(); });
    }
    ~Tap() {
        if (thread_.joinable()) thread_.join();
        ::close(listening_);
    }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;

    int port() const { return port_; }
    /// After the one connection has ended.
    const std::string& said() {
        thread_.join();
        return said_;
    }

  private:
    void pass_on() {
        const int client = ::accept(listening_, nullptr, nullptr);
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(server_port_));
        if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
            std::array<char, 65'536> piece{};
            while (::poll(ends.data(), ends.size(), -1) > 0) {
                const bool from_server = ends[1].revents != 0;
                const auto got =
                    ::recv(from_server ? server : client, piece.data(), piece.size(), 0);
                if (got <= 0) break;
                const auto length = static_cast<std::size_t>(got);
                if (from_server) said_.append(piece.data(), length);
                if (::send(from_server ? client : server, piece.data(), length, MSG_NOSIGNAL) !=
                    got)
                    break;
            }
        }
        ::close(server);
        ::close(client);
    }

    int server_port_;
    int listening_ = -1;
    int port_ = 0;
    std::string said_;
    std::thread thread_;
};

/// The lengths of the records with application data (RFC 8446, section 5.1: type, version, length),
/// which TLS 1.3 gives those of the handshake's end too.
std::vector<std::size_t> data_records(const std::string& bytes) {
    constexpr std::size_t kHead = 5;
    constexpr unsigned char kApplicationData = 23;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    std::vector<std::size_t> lengths;
    for (std::size_t at = 0; at + kHead <= bytes.size();) {
        const std::size_t length = (std::size_t{byte(at + 3)} << 8U) + byte(at + 4);
        if (byte(at) == kApplicationData) lengths.push_back(length);
        at += kHead + length;
    }
    return lengths;
}

/// A device with a buffer of 4 KiB for what comes in (CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN).
TEST(Tls, RecordsFitIntoABufferOf4Kilobytes) {
    // TLS 1.2 with GCM: 8 bytes of nonce, 16 of tag; 1.3: a type and 16 of tag.
    constexpr std::size_t kPlain = 4096;
    constexpr std::size_t kWrapping = 24;
    const auto device = make_device();
    const auto image = esp_image("1.0.0", "", 100'000);
    upload_firmware(device.model, image);
    for (const auto* version : {"1.2", "1.3"}) {
        for (const std::string range : {"0-4095", "0-99999"}) {
            Tap tap(stack().tls_port());
            const auto result = curl({"--tls-max", version, "-H", "Range: bytes=" + range,
                                      "https://127.0.0.1:" + std::to_string(tap.port()) +
                                          "/api/iot/firmware?device_key=" + device.key,
                                      "-o", "/dev/null"});
            EXPECT_EQ(result.status, 0) << result;
            const auto lengths = data_records(tap.said());
            EXPECT_GE(lengths.size(), 2U);
            for (const auto length : lengths) EXPECT_LE(length, kPlain + kWrapping) << version;
        }
    }
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
        return stack().reload_nginx() &&
               eventually([&] { return response_to({https("/health")}).status == status; });
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
