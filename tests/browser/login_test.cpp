// Somebody logs in with a real browser at a real identity provider. What they do is in Python:
// login.

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/identity_provider.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

constexpr const char* kSecret = "s3cret-of-clients";
constexpr const char* kClient = IdentityProvider::kScope;

IdentityProvider& provider() {
    static const TemporaryFolder folder;
    static IdentityProvider only(folder.path(), SigningKey::rsa("first"));
    return only;
}

const bool kStack = use_stack([] {
    return Settings{{"OIDC_ENABLED", "true"},
                    {"OIDC_ISSUER_URL", provider().issuer()},
                    {"OIDC_CLIENT_ID", kClient},
                    {"OIDC_CLIENT_SECRET", kSecret},
                    {"OIDC_SCOPE", std::string("openid ") + IdentityProvider::kScope},
                    {"OIDC_ROLES_CLAIM", IdentityProvider::kRolesClaim},
                    {"PARSE_SIDECAR_URL", ""}};
});

TEST(Login, ByABrowser) {
    provider().add_login_client(kClient, kSecret, stack().url());
    provider().add_person("mia", "admin", kClient);
    provider().add_person("vic", "viewer", kClient);
    const auto done = run_command({COREDEPOT_SOURCE_DIR "/tests/browser/login", stack().url(),
                                   provider().issuer(), COREDEPOT_BUILD_DIR});
    constexpr int kSkipped = 77;
    if (done.status == kSkipped) GTEST_SKIP() << done.output;
    EXPECT_EQ(done.status, 0) << done.output << provider().log();
}

}  // namespace
