#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/json_value.hpp"

namespace coredepot::test {

struct HttpResponse {
    int status = 0;  ///< 0: the connection ended without an answer
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;

    /// All values that a header came with; its name in lower case.
    std::vector<std::string> all(std::string_view name) const;
    /// The first; "" when it is absent.
    std::string header(std::string_view name) const;
    JsonValue json() const { return JsonValue::parse(body); }
};

/// For messages of failed expectations: status, headers and the body's first bytes.
std::ostream& operator<<(std::ostream& out, const HttpResponse& response);

/// Parses what came over a connection up to its end: the first response, neither chunked nor
/// compressed.
HttpResponse parse_response(std::string_view bytes, bool has_body = true);

/// Expects what holds for every response: one X-Request-Id, no header that is nginx's business, and
/// errors in their shape with the headers that belong to them.
void expect_contract(const HttpResponse& response, const std::string& what, bool has_body = true);

/// For EXPECT_TRUE: an error of this status and code, and with this text unless that is empty.
testing::AssertionResult is_error(const HttpResponse& response, int status, const std::string& code,
                                  const std::string& text = "");

struct HttpRequest {
    std::string method;
    std::string target;                ///< path and query, sent as it is
    std::optional<std::string> body;   ///< no body is not the same as an empty one
    std::vector<std::string> headers;  ///< `Name: value`
    bool chunked = false;              ///< the body, instead of a Content-Length
};

/// One connection, kept between requests. Every response of ours is checked by expect_contract().
/// Not for several threads: each makes its own.
class HttpClient {
  public:
    using Headers = std::vector<std::string>;
    /// `always` goes with each request beside the headers of its own. `from`: an address of this
    /// machine that the connection comes from, such as 127.0.0.2.
    explicit HttpClient(std::string base_url, Headers always = {}, std::string from = "");
    /// For a server that is not Coredepot and need not answer as it does.
    static HttpClient of_others(std::string base_url, Headers always = {});
    ~HttpClient();
    HttpClient(HttpClient&& other) noexcept;
    HttpClient& operator=(HttpClient&& other) noexcept;

    HttpResponse send(const HttpRequest& request);
    HttpResponse get(const std::string& target, const Headers& headers = {});
    HttpResponse head(const std::string& target, const Headers& headers = {});
    HttpResponse del(const std::string& target);
    HttpResponse post(const std::string& target, const std::string& body,
                      const Headers& headers = {});
    HttpResponse put(const std::string& target, const std::string& body);

    const std::string& base_url() const { return base_url_; }

  private:
    struct Handle;
    std::string base_url_;
    Headers always_;
    std::string from_;
    bool is_ours_ = true;
    std::unique_ptr<Handle> handle_;
};

}  // namespace coredepot::test
