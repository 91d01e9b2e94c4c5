// What anybody may send as cookies, and in a login's `return`.
//
// A line each: a Cookie header; a message in JWE's form, as it is and with a good header put before
// it; a key file; a path to go back to.

#include <algorithm>
#include <string>

#include "auth/cookies.hpp"
#include "auth/jwe.hpp"
#include "auth/return_path.hpp"
#include "auth/session_keys.hpp"
#include "fuzz_input.hpp"
#include "http/csp_report.hpp"
#include "text/base64.hpp"

using namespace coredepot;

namespace {

std::string_view next_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

/// A key that nobody has: no message is good.
void check_message(std::string_view message) {
    const auto jwe = auth::Jwe::parse(message);
    if (!jwe) return;
    const auth::SecretKey key{jwe->key_id(), {7, 1, 9}};
    fuzz::require(!jwe->decrypt(key, "session"));
}

void check_return(std::string_view path) {
    if (!auth::is_return_path(path)) return;
    fuzz::require(path.front() == '/' && path.substr(1, 1) != "/");
    fuzz::require(path.find_first_of("\\\r\n\t \"<>") == std::string_view::npos);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = fuzz::text(data, size);
    const auto header = next_line(rest);
    if (const auto value = auth::find_cookie(header, "coredepot")) {
        fuzz::require(header.find("coredepot") != std::string_view::npos);
        fuzz::require(value->find(';') == std::string_view::npos);
    }
    auth::cookie_names(header, "coredepot-login-");
    const auto message = next_line(rest);
    check_message(message);
    static const auto good =
        encode_base64url(R"({"alg":"dir","enc":"A256GCM","kid":"k","typ":"session"})");
    check_message(good + ".." + std::string(message));
    if (const auto keys = auth::parse_session_keys(rest)) {
        fuzz::require(!keys->empty() && keys->size() <= 2);
    }
    http::parse_csp_report(rest);
    check_return(next_line(rest));
    return 0;
}
