#pragma once

#include <string>

#include "support/fleet.hpp"
#include "support/http_client.hpp"
#include "support/invocation.hpp"
#include "support/token_issuer.hpp"

/// The upload script, and the issuer whose tokens it uploads with.
namespace coredepot::test {

constexpr const char* kClient = "pipeline ci";
// What a shell, curl's configuration and a form would each read differently.
constexpr const char* kSecret = "a\"b\\c $(id) `id` 'd' &=+%41 \xc3\xa9#;@:";
/// Of one that takes a client's secret in the header only.
constexpr const char* kHeaderClient = "header-ci";
constexpr const char* kHeaderSecret = "s:e+c%r e\xc3\xbct~\"\\";
/// `header-ci:s%3Ae%2Bc%25r%20e%C3%BCt~%22%5C`
constexpr const char* kHeaderCredentials =
    "Basic aGVhZGVyLWNpOnMlM0FlJTJCYyUyNXIlMjBlJUMzJUJDdH4lMjIlNUM=";
/// A client whose tokens are to be asked for with a scope, an audience and more.
constexpr const char* kScopedClient = "scoped-ci";
constexpr const char* kScope = "api://depot/.default fleet:write";
constexpr const char* kAudience = "https://depot.example/?a=b&c";
constexpr const char* kParameters = "resource=https%3A%2F%2Fdepot.example&x=1+2";

/// Which this program's stack trusts.
TokenIssuer& issuer();

/// Asked without a token. `shell`: sh or ps1.
HttpResponse get_script(const HttpClient::Headers& headers = {}, const std::string& shell = "sh");

/// The script said so, and the model has this version.
void expect_uploaded(const InvocationResult& result, const FleetModel& model,
                     const std::string& version);

}  // namespace coredepot::test
