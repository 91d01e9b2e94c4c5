#include "http/admission.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "http/errors.hpp"
#include "http/origin.hpp"
#include "http/path_pattern.hpp"
#include "log.hpp"

namespace coredepot::http {
namespace {

/// HEAD is GET without the body, which the web server drops.
bool method_matches(std::string_view wanted, std::string_view method) {
    return wanted == method || (wanted == "GET" && method == "HEAD");
}

/// Matches a path with endpoints.
class PathMatcher {
  public:
    explicit PathMatcher(std::string_view path)
        : path_(path),
          has_own_(std::ranges::find(all_endpoints(), path, &EndpointSpec::path) !=
                   all_endpoints().end()) {}

    /// A path's own endpoints win over templates that it also matches: `/api/coredumps/reparse` is
    /// not a core dump.
    std::optional<PathParameters> match(const EndpointSpec& spec) const {
        if (has_own_ && spec.path != path_) return std::nullopt;
        return match_path(spec.path, path_);
    }

  private:
    std::string_view path_;
    bool has_own_;
};

/// The methods of all endpoints with this `path`, whichever process serves them.
std::string allowed_methods(const PathMatcher& path) {
    std::string methods;
    for (const auto& spec : all_endpoints()) {
        if (!path.match(spec)) continue;
        if (!methods.empty()) methods += ", ";
        methods += spec.method;
        if (spec.method == "GET") methods += ", HEAD";
    }
    return methods;
}

/// The request's endpoint. Fills in the request's path parameters. Throws UnknownPath and
/// MethodNotAllowed.
const EndpointSpec& find_endpoint(Request& request) {
    const PathMatcher path(request.path);
    for (const auto& spec : all_endpoints()) {
        if (!method_matches(spec.method, request.method)) continue;
        if (auto parameters = path.match(spec)) {
            request.path_parameters = std::move(*parameters);
            return spec;
        }
    }
    auto allow = allowed_methods(path);
    if (allow.empty()) throw UnknownPath();
    throw MethodNotAllowed(std::move(allow));
}

auth::Credentials credentials_of(const Request& request) {
    return {request.authorization, request.query.get("device_key"),
            request.host,          request.origin,
            request.cookie,        request.fetch_site,
            request.method,        request.cookie ? known_origin(request).value_or("") : ""};
}

}  // namespace

const EndpointSpec& admit(Request& request, const auth::Authenticator& authenticator) {
    request.operation = metrics::kOther;
    const auto& spec = find_endpoint(request);
    request.operation = spec.operation;
    request.identity = authenticator.authenticate(spec.access, credentials_of(request));
    return spec;
}

void RequestRecord::write(const Request& request, const Response& response) const {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - started_);
    log::info("request", {{"method", request.method},
                          {"operation", request.operation},
                          {"status", response.status},
                          {"us", us.count()}});
    if (counters_ != nullptr) counters_->record_response(request.operation, response.status, us);
}

}  // namespace coredepot::http
