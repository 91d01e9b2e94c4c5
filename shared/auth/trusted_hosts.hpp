#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::auth {

/// Whether the host of an http:// or https:// URL is a loopback address or `localhost`.
bool is_of_this_machine(std::string_view url);

/// Where requests may be addressed to, and which pages may have sent them, while no tokens are
/// checked and reaching us is all that it takes: anybody's web page reaches a server on loopback
/// through the browser of whoever looks at it. Under a name of its own that it lets point here (DNS
/// rebinding) it even reads the answers.
class TrustedHosts {
  public:
    /// This machine's names are trusted, and that of `base_url`, an http:// or https:// URL: a
    /// proxy on this machine hands on what its clients call it.
    explicit TrustedHosts(const std::optional<std::string>& base_url);

    /// `host` and `origin` are the request's headers, any bytes; empty where there is none, which
    /// no browser leaves out where it matters. Throws Forbidden.
    void check(std::string_view host, std::string_view origin) const;

  private:
    std::string base_;  ///< host and port of the base URL, in lower case; empty when there is none
};

}  // namespace coredepot::auth
