// Logs people in and out through the issuer's page, so that no token reaches their browser. It also
// takes browsers' reports of what they blocked on our page.

#include <algorithm>
#include <optional>
#include <string>

#include "auth/cookies.hpp"
#include "auth/login.hpp"
#include "auth/return_path.hpp"
#include "auth/same_origin.hpp"
#include "auth/trusted_hosts.hpp"
#include "core/errors.hpp"
#include "domain/time.hpp"
#include "http/csp_report.hpp"
#include "http/errors.hpp"
#include "http/origin.hpp"
#include "http/program.hpp"
#include "log.hpp"
#include "text/ascii.hpp"

using namespace coredepot;

namespace {

/// The address under which browsers find us, which also decides the names of cookies.
struct Site {
    std::string base;
    bool secure;
};

Site site_of(const Config& config, const http::Request& request) {
    auto base = config.base_url ? *config.base_url : http::origin(request);
    const bool secure = base.starts_with("https:");
    return {std::move(base), secure};
}

/// The cookie of one login, named after its state; empty when `state` cannot be one of ours.
std::optional<std::string> login_cookie(const Site& site, const std::optional<std::string>& state) {
    constexpr std::size_t kEnough = 16;  // 96 bits
    if (!state || state->size() < kEnough) return std::nullopt;
    const auto name = state->substr(0, kEnough);
    if (!std::ranges::all_of(name, is_base64url_digit)) return std::nullopt;
    return auth::cookie_name(site.secure, "-login-" + name);
}

void add_cookie(http::Response& response, std::string cookie) {
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

http::Response uncached(http::Response response) {
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

http::Response redirect(const std::string& location) {
    return uncached({302, {{"Location", location}}, ""});
}

std::optional<auth::Session> session_of(auth::Login& login, const Site& site,
                                        const http::Request& request) {
    if (!request.cookie) return std::nullopt;
    const auto cookie = auth::find_cookie(*request.cookie, auth::cookie_name(site.secure));
    return cookie ? login.sessions().read(*cookie) : std::nullopt;
}

http::Response describe(const Config& config, std::optional<auth::Login>& login,
                        const http::Request& request) {
    std::optional<auth::Session> session;
    if (login && request.cookie) session = session_of(*login, site_of(config, request), request);
    json::Writer writer;
    writer.begin_object()
        .member("oidc", config.oidc.has_value())
        .member("login_needed", config.oidc && !session)
        .member("subject", session ? session->person.subject : std::nullopt)
        .member("name", session ? session->person.name : std::nullopt);
    writer.key("roles").begin_array();
    // When tokens are not checked, everybody may do everything.
    if (!config.oidc) writer.value("admin");
    if (session) {
        for (const auto& role : session->roles) writer.value(role);
    }
    writer.end_array();
    writer.member("ends_at", session ? std::optional(to_iso8601(session->ends)) : std::nullopt)
        .end_object();
    return uncached(http::json_response(200, writer));
}

auth::Login& require(std::optional<auth::Login>& login) {
    if (login) return *login;
    throw core::InvalidOperation("log in", "SESSION_KEY_FILE is not configured");
}

/// Each login has a cookie. A browser that starts many and finishes none would fill its requests
/// with them, so we remove them all together.
void forget_old_logins(http::Response& response, const Site& site, const http::Request& request) {
    constexpr std::size_t kMost = 4;
    const auto names =
        auth::cookie_names(request.cookie.value_or(""), auth::cookie_name(site.secure, "-login-"));
    if (names.size() < kMost) return;
    for (const auto& name : names) add_cookie(response, auth::forget_cookie(site.secure, name));
}

http::Response log_in(const Config& config, std::optional<auth::Login>& login,
                      const http::Request& request) {
    const auto return_path = request.query.get("return").value_or("/");
    if (!auth::is_return_path(return_path)) {
        throw core::ValidationFailed("return must be a path of this server");
    }
    if (!config.oidc) return redirect(return_path);
    const auto site = site_of(config, request);
    if (!site.secure && !auth::is_of_this_machine(site.base)) {
        throw core::InvalidOperation("log in",
                                     "this is neither https (see BASEURL) nor this machine itself");
    }
    const auto began = require(login).begin(site.base, return_path);
    auto response = redirect(began.location);
    forget_old_logins(response, site, request);
    add_cookie(response, auth::set_cookie(site.secure, login_cookie(site, began.state).value(),
                                          began.cookie, auth::Login::kPatience));
    return response;
}

http::Response finish_login(const Site& site, auth::Login& login, const http::Request& request,
                            const std::optional<std::string>& cookie_name) {
    const auto parameter = [&](const char* name) { return request.query.get(name); };
    const auto cookie = request.cookie && cookie_name
                            ? auth::find_cookie(*request.cookie, *cookie_name)
                            : std::nullopt;
    const auto ended =
        login.finish({parameter("state"), parameter("code"), parameter("iss"), parameter("error")},
                     cookie ? std::optional<std::string>(*cookie) : std::nullopt);
    const auto& session = ended.session;
    log::info("logged in", {{"subject", session.person.subject.value_or("")},
                            {"ends_at", to_iso8601(session.ends)}});
    auto response = redirect(ended.return_path);
    add_cookie(response,
               auth::set_cookie(
                   site.secure, auth::cookie_name(site.secure), login.sessions().write(session),
                   std::chrono::floor<std::chrono::seconds>(session.ends - session.began)));
    return response;
}

/// The login is over, whatever its outcome, so its cookie goes.
http::Response come_back(const Config& config, std::optional<auth::Login>& login,
                         const http::Request& request) {
    auto& door = require(login);
    const auto site = site_of(config, request);
    const auto cookie_name = login_cookie(site, request.query.get("state"));
    http::Response response;
    try {
        response = finish_login(site, door, request, cookie_name);
    } catch (...) {
        response = uncached(http::to_response(std::current_exception(), request.request_id));
    }
    if (cookie_name) add_cookie(response, auth::forget_cookie(site.secure, *cookie_name));
    return response;
}

/// The issuer's logout page; ours when the issuer has none or does not answer.
std::string after_logout(auth::Login& login, const Site& site, const http::Request& request) {
    try {
        const auto session = session_of(login, site, request);
        return login.logout_location(session, site.base).value_or("/");
    } catch (const auth::IssuerUnavailable& down) {
        log::warning("cannot end the issuer's session", {{"error", down.what()}});
        return "/";
    }
}

http::Response answer_logout(const std::string& location) {
    json::Writer writer;
    writer.begin_object().member("location", location).end_object();
    return uncached(http::json_response(200, writer));
}

http::Response log_out(const Config& config, std::optional<auth::Login>& login,
                       const http::Request& request) {
    if (!login) return answer_logout("/");
    const auto site = site_of(config, request);
    if (!auth::is_same_origin(request.fetch_site, request.origin, site.base)) {
        throw auth::Forbidden("a logout that does not come from our page");
    }
    auto response = answer_logout(after_logout(*login, site, request));
    add_cookie(response, auth::forget_cookie(site.secure, auth::cookie_name(site.secure)));
    return response;
}

http::Response take_report(const http::Request& request) {
    constexpr std::uint64_t kMostBytes = 8192;
    const auto body = request.body.read(kMostBytes);
    if (!body) throw core::PayloadTooLarge("The report is larger than accepted");
    const auto report = http::parse_csp_report(*body);
    if (!report) throw core::ValidationFailed("The body must be a report of a blocked resource");
    log::warning("a browser blocked something on the page", {{"directive", report->directive},
                                                             {"blocked", report->blocked},
                                                             {"page", report->page},
                                                             {"source", report->source}});
    return http::no_content();
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        std::optional<auth::Login> login;
        if (config.oidc && config.oidc->session_key_file) login.emplace(*config.oidc, now);
        serve({
            {Endpoint::GetSession, [&](const Request& r) { return describe(config, login, r); }},
            {Endpoint::LogIn, [&](const Request& r) { return log_in(config, login, r); }},
            {Endpoint::LogInCallback,
             [&](const Request& r) { return come_back(config, login, r); }},
            {Endpoint::LogOut, [&](const Request& r) { return log_out(config, login, r); }},
            {Endpoint::ReportCspViolation, take_report},
        });
    });
}
