#include "http/gate.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

/// Answers as it is told.
class Doorman final : public auth::Authenticator {
  public:
    explicit Doorman(std::function<auth::Identity()> verdict) : verdict_(std::move(verdict)) {}
    auth::Identity authenticate(auth::Access access,
                                const auth::Credentials& /*unused*/) const override {
        EXPECT_EQ(access, auth::Access::Device);
        return verdict_();
    }

  private:
    std::function<auth::Identity()> verdict_;
};

class Gates : public testing::Test {
  protected:
    Response answer(std::function<auth::Identity()> verdict, const std::string& method = "POST",
                    const std::string& path = "/api/iot/coredump") {
        Request request;
        request.method = method;
        request.path = path;
        request.request_id = "req-1";
        return Gate(Doorman(std::move(verdict)), counters_).answer(request);
    }
    std::uint64_t counted(std::string_view operation, int code) const {
        const auto* const at = std::ranges::find(metrics::kStatusCodes, code);
        return counters_.responses(*metrics::operation_index(operation),
                                   static_cast<std::size_t>(at - metrics::kStatusCodes.begin()));
    }

  private:
    metrics::Counters counters_;
};

using Headers = decltype(Response::headers);

TEST_F(Gates, OpenForWhoMayAndCountNothingThen) {
    const auto response = answer([] { return auth::Identity{{"abcd1234"}}; });
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.headers, (Headers{{"X-Gate", "open"}, {"X-Device", "abcd1234"}}));
    EXPECT_EQ(counted("iot_upload_coredump", 204), 0U);
}

TEST_F(Gates, QuoteNothingThatIsNoKey) {
    const auto response = answer([] { return auth::Identity{{"a\r\nX-Gate: open"}}; });
    EXPECT_EQ(response.headers, (Headers{{"X-Gate", "open"}}));
}

TEST_F(Gates, RefuseInWordsThatNginxKnows) {
    const auto unknown = answer([]() -> auth::Identity { throw auth::InvalidToken("not good"); });
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(unknown.headers, (Headers{{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}));
    EXPECT_EQ(unknown.body, "");
    EXPECT_EQ(answer([]() -> auth::Identity { throw auth::Forbidden("no"); }).status, 403);
    EXPECT_EQ(counted("iot_upload_coredump", 401), 1U);
    EXPECT_EQ(counted("iot_upload_coredump", 403), 1U);
}

TEST_F(Gates, TellOtherStatusesInAHeader) {
    const auto down =
        answer([]() -> auth::Identity { throw auth::KeysUnavailable("there are none"); });
    EXPECT_EQ(down.status, 204);
    EXPECT_EQ(down.headers, (Headers{{"X-Gate", "503"}, {"Retry-After", "10"}}));
    EXPECT_EQ(answer([]() -> auth::Identity { throw std::bad_alloc(); }).headers,
              (Headers{{"X-Gate", "500"}}));
    const auto anybody = [] { return auth::Identity{}; };
    EXPECT_EQ(answer(anybody, "PUT").headers, (Headers{{"X-Gate", "405"}}));
    EXPECT_EQ(counted("iot_upload_coredump", 503), 1U);
    EXPECT_EQ(counted("iot_upload_coredump", 500), 1U);
    EXPECT_EQ(counted("other", 405), 1U);
}

}  // namespace
}  // namespace coredepot::http
