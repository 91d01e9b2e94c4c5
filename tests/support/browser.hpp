#pragma once

#include <map>
#include <string>

#include "support/http_client.hpp"

namespace coredepot::test {

/// Somebody's browser, as far as a login goes: it keeps cookies, sends them back to the host that
/// set them, and goes where it is told, but only when it is told to.
class Browser {
  public:
    explicit Browser(std::string site) : site_(std::move(site)) {}

    /// As when somebody opens an address, or a page of the same site asks for it.
    HttpResponse get(const std::string& target, const HttpClient::Headers& headers = {});
    /// As a page of the site itself sends it; `headers` replace what says so.
    HttpResponse send(const std::string& method, const std::string& target, const std::string& body,
                      const HttpClient::Headers& headers = {"Sec-Fetch-Site: same-origin"});

    /// Name and value, of those that have not been taken away.
    std::map<std::string, std::string>& cookies() { return cookies_; }
    /// The one whose name begins so; throws when there is not exactly one.
    std::string& cookie(const std::string& prefix);

  private:
    HttpResponse exchange(HttpRequest request);

    std::string site_;
    std::map<std::string, std::string> cookies_;
};

/// The parameters of a URL's query, decoded.
std::map<std::string, std::string> query_of(const std::string& url);

/// The path of a URL, with its query.
std::string target_of(const std::string& url);

}  // namespace coredepot::test
