#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/token_factory.hpp"

namespace coredepot::test {

/// A real identity provider: Debian's glewlwyd on a port of this machine, with a database in a
/// folder of the test's, set up over its own API.
class IdentityProvider {
  public:
    /// Runs in `folder` and signs with `key`; accepts no client yet.
    IdentityProvider(std::filesystem::path folder, const SigningKey& key);

    /// What it calls itself.
    std::string issuer() const;
    /// The scope that its clients ask for, and so what their tokens are for.
    static constexpr const char* kScope = "coredepot";
    /// The claim with a client's roles, which it can only write as one string.
    static constexpr const char* kRolesClaim = "roles";

    /// A client that gets tokens of its own (client credentials), with these roles.
    void add_client(const std::string& id, const std::string& secret, const std::string& roles);
    /// The client that people log in with, `id`, which may send them to `site` (and back to it
    /// after a logout). May be called again for another site.
    void add_login_client(const std::string& id, const std::string& secret,
                          const std::string& site);
    /// Somebody who may log in, with these roles, and has let `client` know who they are.
    void add_person(const std::string& name, const std::string& roles, const std::string& client);
    /// What its page answers `name`, who has logged in there, when a site has sent them to
    /// `location`: the address that it sends them back to.
    std::string let_in(const std::string& name, const std::string& location);

    /// From now on its tokens are signed with the first of these, and its JWKS has all of them.
    void use_keys(const std::vector<SigningKey>& keys);

    /// What it has said.
    std::string log() const;

  private:
    void start();
    bool is_listening() const;
    HttpClient log_in(const std::string& name = "admin");
    void administer(const std::string& method, const std::string& path, const std::string& body);
    std::string plugin(const std::vector<SigningKey>& keys) const;

    std::filesystem::path folder_;
    std::string url_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace coredepot::test
