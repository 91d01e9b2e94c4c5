#include "support/identity_provider.hpp"

#include <cstdlib>
#include <stdexcept>

#include "support/command.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kPlugin = "/api/mod/plugin/oidc";
constexpr const char* kClientBackend = "/api/mod/client/database";

/// Its set-up, as Debian's glewlwyd.conf has it but for the address, the database and the log.
std::string configuration(int port, const std::filesystem::path& database) {
    const auto number = std::to_string(port);
    return "port = " + number + R"(
bind_address = "127.0.0.1"
external_url = "http://127.0.0.1:)" +
           number + R"("
api_prefix = "api"
log_mode = "console"
log_level = "INFO"
cookie_domain = "127.0.0.1"
cookie_secure = 0
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
user_middleware_module_path = "/usr/lib/glewlwyd/user_middleware"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3"; path = ")" +
           database.string() + "\" };\n";
}

constexpr const char* kUserBackend = "/api/mod/user/database";

std::string property(const std::string& name, const char* multiple) {
    return quote(name) + R"(:{"multiple":)" + multiple + R"(,"read":true,"write":true})";
}

/// Properties that a person may have; `roles` is ours.
std::string user_backend() {
    return R"({"module":"database","name":"database","display_name":"database","order_rank":0,)"
           R"("parameters":{"use-glewlwyd-connection":true,"data-format":{)" +
           property("roles", "false") + "}}}";
}

/// Properties that a client may have; `roles` is ours.
std::string client_backend() {
    return R"({"module":"database","name":"database","display_name":"database","order_rank":0,)"
           R"("parameters":{"use-glewlwyd-connection":true,"data-format":{)" +
           property("token_endpoint_auth_method", "true") + ',' + property("redirect_uri", "true") +
           ',' + property("post_logout_redirect_uris", "true") + ',' +
           property("authorization_type", "true") + ',' + property("client_secret", "false") + ',' +
           property("roles", "false") + "}}}";
}

/// As Debian's package would have made it.
void make_database(const std::filesystem::path& path) {
    const auto made =
        run_command({"/usr/bin/sqlite3", "-cmd", "PRAGMA synchronous = OFF", path.string(),
                     ".read /usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"});
    if (made.status != 0) throw std::runtime_error("sqlite3: " + made.output);
}

std::string escaped(const std::string& json) {
    std::string text;
    for (const char c : json) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return quote(text);
}

}  // namespace

IdentityProvider::IdentityProvider(std::filesystem::path folder, const SigningKey& key)
    : folder_(std::move(folder)) {
    // It is not behind a proxy, whatever the environment says.
    ::setenv("no_proxy", "127.0.0.1", 1);
    make_database(folder_ / "database");
    start();
    administer("PUT", kClientBackend, client_backend());
    administer("PUT", std::string(kClientBackend) + "/reset", "");
    administer("PUT", kUserBackend, user_backend());
    administer("PUT", std::string(kUserBackend) + "/reset", "");
    administer("POST", "/api/scope/",
               to_json({{"name", quote(kScope)}, {"display_name", quote(kScope)}}));
    administer("POST", "/api/mod/plugin/", plugin({key}));
}

std::string IdentityProvider::issuer() const {
    return url_ + "/api/oidc";
}

std::string IdentityProvider::log() const {
    return read_bytes(folder_ / "glewlwyd.log");
}

/// A port that was free may be taken by the time that it listens: then on another one.
void IdentityProvider::start() {
    for (int attempt = 0; attempt < 5; ++attempt) {
        const int port = free_port();
        url_ = "http://127.0.0.1:" + std::to_string(port);
        write_file(folder_ / "glewlwyd.conf", configuration(port, folder_ / "database"));
        process_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{"glewlwyd",
                                     "--config-file=" + (folder_ / "glewlwyd.conf").string()},
            folder_ / "glewlwyd.log");
        const auto started = "Glewlwyd started on port " + std::to_string(port);
        eventually([&] {
            return !process_->is_running() ||
                   (log().find(started) != std::string::npos && is_listening());
        });
        if (process_->is_running()) return;
    }
    throw std::runtime_error("glewlwyd does not start: " + log());
}

/// It says that it has started before it is.
bool IdentityProvider::is_listening() const {
    try {
        HttpClient::of_others(url_).get("/config");
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

HttpClient IdentityProvider::log_in(const std::string& name) {
    auto client = HttpClient::of_others(url_);
    const auto response = client.post(
        "/api/auth/", to_json({{"username", quote(name)}, {"password", quote("password")}}),
        {"Content-Type: application/json"});
    const auto cookie = response.header("set-cookie");
    return HttpClient::of_others(url_, {"Cookie: " + cookie.substr(0, cookie.find(';'))});
}

void IdentityProvider::administer(const std::string& method, const std::string& path,
                                  const std::string& body) {
    const auto response = log_in().send({method, path, body, {"Content-Type: application/json"}});
    if (response.status == 200) return;
    throw std::runtime_error(method + ' ' + path + " was answered " +
                             std::to_string(response.status) + ": " + response.body + '\n' + log());
}

void IdentityProvider::add_client(const std::string& id, const std::string& secret,
                                  const std::string& roles) {
    Members members{
        {"client_id", quote(id)},
        {"client_secret", quote(secret)},
        {"confidential", "true"},
        {"enabled", "true"},
        {"authorization_type", R"(["client_credentials"])"},
        {"token_endpoint_auth_method", R"(["client_secret_basic", "client_secret_post"])"},
        {"redirect_uri", "[]"},
        {"scope", "[" + quote(kScope) + "]"}};
    if (!roles.empty()) members["roles"] = quote(roles);
    administer("POST", "/api/client/", to_json(members));
}

void IdentityProvider::add_login_client(const std::string& id, const std::string& secret,
                                        const std::string& site) {
    const auto path = "/api/client/" + id;
    const bool is_there = log_in().get(path).status == 200;
    administer(is_there ? "PUT" : "POST", is_there ? path : "/api/client/",
               to_json({{"client_id", quote(id)},
                        {"client_secret", quote(secret)},
                        {"confidential", "true"},
                        {"enabled", "true"},
                        {"authorization_type", R"(["code"])"},
                        {"token_endpoint_auth_method", R"(["client_secret_basic"])"},
                        {"redirect_uri", "[" + quote(site + "/session/callback") + "]"},
                        {"post_logout_redirect_uris", "[" + quote(site + "/") + "]"},
                        {"scope", "[" + quote(kScope) + "]"}}));
}

void IdentityProvider::add_person(const std::string& name, const std::string& roles,
                                  const std::string& client) {
    Members members{{"username", quote(name)},
                    {"password", quote("password")},
                    {"name", quote("Name of " + name)},
                    {"enabled", "true"},
                    {"scope", R"(["g_profile", "openid", )" + quote(kScope) + "]"}};
    if (!roles.empty()) members["roles"] = quote(roles);
    administer("POST", "/api/user/", to_json(members));
    const auto granted =
        log_in(name).send({"PUT",
                           "/api/auth/grant/" + client,
                           to_json({{"scope", quote("openid " + std::string(kScope))}}),
                           {"Content-Type: application/json"}});
    if (granted.status != 200) throw std::runtime_error("no grant: " + granted.body + log());
}

std::string IdentityProvider::let_in(const std::string& name, const std::string& location) {
    // Its page adds this once the person is known.
    const auto response = log_in(name).get(location.substr(url_.size()) + "&g_continue");
    if (response.status != 302) throw std::runtime_error("not let in: " + response.body + log());
    return response.header("location");
}

void IdentityProvider::use_keys(const std::vector<SigningKey>& keys) {
    administer("PUT", kPlugin, plugin(keys));
    administer("PUT", std::string(kPlugin) + "/reset", "");
}

/// Its OpenID Connect plugin. `additional-parameters` are claims made of a client's properties:
/// `azp` of its id, and the roles.
std::string IdentityProvider::plugin(const std::vector<SigningKey>& keys) const {
    std::string private_keys;
    for (const auto& key : keys)
        private_keys += (private_keys.empty() ? "" : ",") + key.private_jwk();
    const auto claim = [](const std::string& property, const std::string& name) {
        return to_json({{"user-parameter", quote(property)},
                        {"client-parameter", quote(property)},
                        {"token-parameter", quote(name)}});
    };
    const auto parameters =
        to_json({{"iss", quote(issuer())},
                 {"jwks-private", escaped("{\"keys\":[" + private_keys + "]}")},
                 {"jwks-show", "true"},
                 {"access-token-duration", "3600"},
                 {"refresh-token-duration", "3600"},
                 {"code-duration", "60"},
                 {"allow-non-oidc", "true"},
                 {"auth-type-client-enabled", "true"},
                 {"auth-type-code-enabled", "true"},
                 {"pkce-allowed", "true"},
                 {"pkce-method-plain-allowed", "false"},
                 {"session-management-allowed", "true"},
                 {"session-cookie-name", quote("GLEWLWYD_OIDC")},
                 {"session-cookie-expiration", "3600"},
                 {"name-claim", quote("mandatory")},
                 {"claims", R"([{"name":"roles","user-property":"roles","type":"string",)"
                            R"("mandatory":true,"scope":[]}])"},
                 {"auth-type-token-enabled", "false"},
                 {"auth-type-id-token-enabled", "true"},
                 {"auth-type-password-enabled", "false"},
                 {"auth-type-refresh-enabled", "false"},
                 {"subject-type", quote("public")},
                 {"additional-parameters",
                  "[" + claim("client_id", "azp") + "," + claim("roles", kRolesClaim) + "]"}});
    return to_json({{"module", quote("oidc")},
                    {"name", quote("oidc")},
                    {"display_name", quote("oidc")},
                    {"order_rank", "0"},
                    {"parameters", parameters}});
}

}  // namespace coredepot::test
