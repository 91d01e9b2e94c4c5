// An issuer over TLS whose certificate is of a CA that nobody else knows.

#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

#include "auth/discovery.hpp"
#include "support/child_process.hpp"
#include "support/invocation.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using test::quote;

/// OpenSSL's own server, with an issuer's two documents and a certificate for 127.0.0.1.
class IssuerOverTls : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("no_proxy", "127.0.0.1", 1);
        make_ca("ca");
        make_ca("other");
        openssl({"req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=issuer",
                 "-addext", "subjectAltName=IP:127.0.0.1", "-addext",
                 "basicConstraints=critical,CA:FALSE", "-keyout", "key.pem", "-out", "cert.pem"});
        serve();
    }

    void make_ca(const std::string& name) const {
        openssl({"req", "-x509", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out",
                 name + ".pem"});
    }
    void openssl(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "openssl");
        arguments.insert(arguments.end(), {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                           "-noenc", "-days", "1"});
        const auto result = test::invoke({arguments, {}, folder_.path()});
        ASSERT_EQ(result.status, 0) << result;
    }

    /// A port that was free may be taken by the time that it listens: then on another one.
    void serve() {
        for (int attempt = 0; attempt < 5 && !is_serving(); ++attempt) {
            const auto port = std::to_string(test::free_port());
            url_ = "https://127.0.0.1:" + port;
            test::write_file(
                folder_ / ".well-known/openid-configuration",
                test::to_json({{"issuer", quote(url_)}, {"jwks_uri", quote(url_ + "/jwks")}}));
            test::write_file(folder_ / "jwks", test::jwks({}));
            // It serves the folder that it is started in.
            server_ = std::make_unique<test::ChildProcess>(
                std::vector<std::string>{"sh", "-c",
                                         "cd \"$0\" && exec openssl s_server -WWW -quiet -accept "
                                         "\"$1\" -cert cert.pem -key key.pem",
                                         folder_.path(), "127.0.0.1:" + port},
                folder_ / "log");
            test::eventually([&] { return !server_->is_running() || is_serving(); });
        }
        ASSERT_TRUE(is_serving()) << test::content_of(folder_ / "log");
    }
    bool is_serving() const {
        return server_ && std::holds_alternative<std::string>(fetch_jwks(url_, folder_ / "ca.pem"));
    }

    /// Why the keys cannot be had; empty when they can.
    std::string failure(const std::optional<std::filesystem::path>& ca_file) const {
        const auto answer = fetch_jwks(url_, ca_file);
        const auto* failed = std::get_if<FetchFailure>(&answer);
        return failed == nullptr ? "" : failed->why;
    }

    test::TemporaryFolder folder_;
    std::string url_;
    std::unique_ptr<test::ChildProcess> server_;
};

TEST_F(IssuerOverTls, IsBelievedByItsCaAlone) {
    EXPECT_EQ(failure(folder_ / "ca.pem"), "");
    for (const auto& other :
         {std::optional<std::filesystem::path>(), std::optional(folder_ / "other.pem")}) {
        EXPECT_NE(failure(other).find("certificate"), std::string::npos) << failure(other);
    }
    EXPECT_NE(failure(folder_ / "missing.pem").find("missing.pem"), std::string::npos)
        << failure(folder_ / "missing.pem");
}

}  // namespace
}  // namespace coredepot::auth
