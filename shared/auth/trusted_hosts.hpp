#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::auth {

/// Whether the host of an http:// or https:// URL is a loopback address or `localhost`.
bool is_of_this_machine(std::string_view url);

/// Decides by address and sending page whether a request may come in when tokens are not checked
/// and everybody who reaches us is trusted. Any web page can reach a server on loopback through the
/// browser of a person who looks at it. If its own name resolves to this machine (DNS rebinding),
/// it can even read the answers.
class TrustedHosts {
  public:
    /// Trusts this machine's names and that of `base_url`, an http:// or https:// URL: a proxy on
    /// this machine passes on the name that its clients use.
    explicit TrustedHosts(const std::optional<std::string>& base_url);

    /// `host` and `origin` are the request's headers, of any bytes, or empty when missing. Browsers
    /// always send them when it matters. Throws Forbidden.
    void check(std::string_view host, std::string_view origin) const;

  private:
    std::string base_;  ///< host and port of the base URL, in lower case; empty when there is none
};

}  // namespace coredepot::auth
