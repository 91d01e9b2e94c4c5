#include "http/errors.hpp"

#include "auth/identity.hpp"
#include "core/errors.hpp"
#include "db/database.hpp"
#include "http/body.hpp"
#include "http/dump_body.hpp"
#include "log.hpp"
#include "objects/bucket.hpp"
#include "os/storage_error.hpp"

namespace coredepot::http {
namespace {

/// Seconds after which a client may try again when the database or the disk is unavailable.
constexpr const char* kRetryAfter = "5";

Response with_header(Response response, std::string name, std::string value) {
    response.headers.emplace_back(std::move(name), std::move(value));
    return response;
}

Response busy(std::string_view request_id, const std::string& retry_after) {
    return with_header(error_response(503, "SERVICE_UNAVAILABLE",
                                      "The service is not available at the moment", request_id),
                       "Retry-After", retry_after);
}

Response unavailable(const char* what, const char* error, std::string_view request_id,
                     const std::string& retry_after = kRetryAfter) {
    log::error(what, {{"error", error}});
    return busy(request_id, retry_after);
}

}  // namespace

Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view request_id) {
    json::Writer writer;
    writer.begin_object().member("error", message);
    writer.key("details").begin_object().member("message", message).end_object();
    writer.member("code", code).member("correlationId", request_id).end_object();
    return json_response(status, writer);
}

Response to_response(const std::exception_ptr& failure, std::string_view request_id) {
    const auto error = [&](int status, std::string_view code, std::string_view message) {
        return error_response(status, code, message, request_id);
    };
    try {
        std::rethrow_exception(failure);
    } catch (const core::NotFound& refusal) {
        return error(404, "RECORD_NOT_FOUND", refusal.what());
    } catch (const core::ValidationFailed& refusal) {
        return error(400, "VALIDATION_FAILED", refusal.what());
    } catch (const core::InvalidOperation& refusal) {
        return error(400, "INVALID_OPERATION", refusal.what());
    } catch (const core::NotAllowed& refusal) {
        return error(403, "AUTHORIZATION_FAILED", refusal.what());
    } catch (const core::Conflict& refusal) {
        return error(409, "INVALID_OPERATION", refusal.what());
    } catch (const core::AlreadyExists& refusal) {
        return error(409, "RECORD_EXISTS", refusal.what());
    } catch (const core::PreconditionFailed& refusal) {
        return error(412, "VALIDATION_FAILED", refusal.what());
    } catch (const core::PayloadTooLarge& refusal) {
        return error(413, "PAYLOAD_TOO_LARGE", refusal.what());
    } catch (const core::RateLimited& refusal) {
        // In whole seconds (RFC 9110, section 10.2.3), rounded up.
        const auto wait = std::chrono::ceil<std::chrono::seconds>(refusal.wait());
        return with_header(error(429, "RATE_LIMITED", refusal.what()), "Retry-After",
                           std::to_string(wait.count()));
    } catch (const BodyTruncated& truncated) {
        return error(400, "VALIDATION_FAILED", truncated.what());
    } catch (const UnsupportedCoding& refusal) {
        return with_header(error(415, "UNSUPPORTED_MEDIA_TYPE", refusal.what()), "Accept-Encoding",
                           refusal.accepted());
    } catch (const UnknownPath&) {
        return error(404, "RECORD_NOT_FOUND", "There is nothing at this path");
    } catch (const MethodNotAllowed& refusal) {
        return with_header(error(405, "METHOD_NOT_ALLOWED", "The path does not have this method"),
                           "Allow", refusal.allow());
    } catch (const auth::Unauthenticated& refusal) {
        // The challenge says so when there was a token but it was bad (RFC 6750, section 3).
        const bool bad_token = dynamic_cast<const auth::InvalidToken*>(&refusal) != nullptr;
        log::info("not authenticated", {{"reason", refusal.what()}});
        return with_header(error(401, "AUTHENTICATION_REQUIRED", "Authentication is required"),
                           "WWW-Authenticate",
                           bad_token ? "Bearer error=\"invalid_token\"" : "Bearer");
    } catch (const auth::Forbidden& refusal) {
        log::info("forbidden", {{"reason", refusal.what()}});
        return error(403, "AUTHORIZATION_FAILED", "This is not allowed");
    } catch (const auth::LoginFailed& failed) {
        log::info("login failed", {{"reason", failed.what()}});
        return error(
            400, "VALIDATION_FAILED",
            "The login did not succeed or took too long. Go back to the page and log in again");
    } catch (const auth::KeyInDoubt& doubt) {
        log::info("not authenticated", {{"reason", doubt.what()}});
        return busy(request_id, std::to_string(doubt.retry_after().count()));
    } catch (const auth::IssuerUnavailable& down) {
        return unavailable("issuer not available", down.what(), request_id,
                           std::to_string(down.retry_after().count()));
    } catch (const db::Unavailable& down) {
        return unavailable("database not available", down.what(), request_id);
    } catch (const objects::Unavailable& lost) {
        return unavailable("object storage not available", lost.what(), request_id);
    } catch (const os::StorageError& failed) {
        return unavailable("disk not available", failed.what(), request_id);
    } catch (const std::exception& fault) {
        log::error("internal error", {{"error", fault.what()}});
    } catch (...) {
        log::error("internal error", {{"error", "unknown"}});
    }
    return error(500, "INTERNAL_ERROR", "An internal error occurred");
}

}  // namespace coredepot::http
