#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/http_client.hpp"

/// Requests that nobody means well by, and what may come of them.
namespace coredepot::test {

/// What a request has beside its own headers.
constexpr const char* kHost = "Host: localhost\r\nConnection: close\r\n";

/// All of them in a row; a piece may have any bytes.
std::string text(std::initializer_list<std::string_view> pieces);

/// Sends bytes, and expects what may come of hostile ones: refused as the client's fault, or not
/// answered at all (status 0). The last request of a connection: what nginx still waits for never
/// comes.
HttpResponse attack(const std::string& bytes);
HttpResponse attack(const std::string& method, const std::string& target,
                    const std::string& headers = "", const std::string& body = "");

struct Endpoint {
    std::string method;
    std::string path;
    std::string query;
};

/// Every endpoint, with names that exist, so that a request gets as far as it can.
class Hostile : public testing::Test {
  protected:
    void SetUp() override;
    /// All handlers live, and all endpoints answer.
    void TearDown() override;

    std::vector<Endpoint> endpoints;

  private:
    std::map<int, std::string> handlers_;
};

}  // namespace coredepot::test
