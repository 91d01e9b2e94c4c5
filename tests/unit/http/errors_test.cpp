#include "http/errors.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "auth/identity.hpp"
#include "core/errors.hpp"
#include "db/database.hpp"
#include "http/body.hpp"
#include "json.hpp"
#include "os/storage_error.hpp"

namespace coredepot::http {
namespace {

template <class Exception>
Response respond(Exception exception) {
    return to_response(std::make_exception_ptr(std::move(exception)), "req-1");
}

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

void expect_error(const Response& response, int status, const std::string& code,
                  const std::string& message) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(header(response, "Content-Type"), "application/json");
    EXPECT_EQ(response.body, "{\"error\":\"" + message + "\",\"details\":{\"message\":\"" +
                                 message + "\"},\"code\":\"" + code +
                                 "\",\"correlationId\":\"req-1\"}");
}

TEST(Errors, RefusalsSayWhat) {
    expect_error(respond(core::NotFound("Device", "17")), 404, "RECORD_NOT_FOUND",
                 "Device 17 was not found");
    expect_error(respond(core::ValidationFailed("No coredump content provided")), 400,
                 "VALIDATION_FAILED", "No coredump content provided");
    expect_error(
        respond(core::InvalidOperation("upload coredump", "COREDUMPS_DIR is not configured")), 400,
        "INVALID_OPERATION", "Cannot upload coredump because COREDUMPS_DIR is not configured");
    expect_error(respond(core::NotAllowed("Not yours")), 403, "AUTHORIZATION_FAILED", "Not yours");
    expect_error(respond(core::AlreadyExists("It exists")), 409, "RECORD_EXISTS", "It exists");
    expect_error(respond(core::PayloadTooLarge("Too large")), 413, "PAYLOAD_TOO_LARGE",
                 "Too large");
}

TEST(Errors, WhoIsTooFastIsToldForHowLongInWholeSeconds) {
    using namespace std::chrono_literals;
    for (const auto& [wait, seconds] : {std::pair{1us, "1"}, {1s, "1"}, {1'000'001us, "2"}}) {
        const auto response = respond(core::RateLimited("Too fast", wait));
        expect_error(response, 429, "RATE_LIMITED", "Too fast");
        EXPECT_EQ(header(response, "Retry-After"), seconds);
    }
}

TEST(Errors, OfHttpItself) {
    expect_error(respond(BodyTruncated()), 400, "VALIDATION_FAILED",
                 "the body is shorter than its Content-Length");
    expect_error(respond(UnknownPath()), 404, "RECORD_NOT_FOUND", "There is nothing at this path");
    const auto response = respond(MethodNotAllowed("GET, HEAD"));
    expect_error(response, 405, "METHOD_NOT_ALLOWED", "The path does not have this method");
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
}

TEST(Errors, WhyATokenWasRefusedIsForTheLog) {
    const auto unauthenticated = respond(auth::Unauthenticated("signature of kid secret"));
    expect_error(unauthenticated, 401, "AUTHENTICATION_REQUIRED", "Authentication is required");
    EXPECT_EQ(header(unauthenticated, "WWW-Authenticate"), "Bearer");
    const auto bad_token = respond(auth::InvalidToken("signature of kid secret"));
    expect_error(bad_token, 401, "AUTHENTICATION_REQUIRED", "Authentication is required");
    EXPECT_EQ(header(bad_token, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
    expect_error(respond(auth::Forbidden("no role secret")), 403, "AUTHORIZATION_FAILED",
                 "This is not allowed");
}

TEST(Errors, WhatIsDownMayBeTriedAgain) {
    errno = ENOSPC;
    const os::StorageError disk("cannot write", "/srv/secret");
    const db::Unavailable database("could not connect to secret", false);
    for (const auto& response :
         {respond(disk), respond(database), respond(db::Unavailable("in doubt: secret", true))}) {
        expect_error(response, 503, "SERVICE_UNAVAILABLE",
                     "The service is not available at the moment");
        EXPECT_EQ(header(response, "Retry-After"), "5");
    }
}

TEST(Errors, WithoutTheIssuersKeysTokensMayBeTriedAgain) {
    const auto response = respond(auth::KeysUnavailable("secret"));
    expect_error(response, 503, "SERVICE_UNAVAILABLE",
                 "The service is not available at the moment");
    EXPECT_EQ(header(response, "Retry-After"), "10");
}

TEST(Errors, NothingLeaksFromWhatNobodyExpected) {
    for (const auto& response :
         {respond(std::runtime_error("ERROR: relation secret, SELECT * FROM secret")),
          respond(std::logic_error("secret")), respond(std::bad_alloc()), respond(42)}) {
        expect_error(response, 500, "INTERNAL_ERROR", "An internal error occurred");
    }
}

TEST(Errors, TextFromOutsideIsEscaped) {
    const auto response = respond(core::NotFound("Device", "\"},\n\xff"));
    const auto object = json::Object::parse(response.body);
    ASSERT_TRUE(object) << response.body;
    EXPECT_EQ(object->string("error"), "Device \"},\n\xef\xbf\xbd was not found");
    EXPECT_EQ(object->string("correlationId"), "req-1");

    const std::string with_nul("a\0b", 3);
    expect_error(respond(core::NotFound("Device", with_nul)), 404, "RECORD_NOT_FOUND",
                 "Device a?b was not found");
}

}  // namespace
}  // namespace coredepot::http
