#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "domain/device.hpp"
#include "domain/person.hpp"

namespace coredepot::auth {

/// Who an endpoint is for. Viewer: who may look at everything, and admins.
enum class Access { Public, Device, Admin, Pipeline, Viewer };

/// What a request brings to prove who sent it.
struct Credentials {
    std::optional<std::string> authorization;  ///< the header, as it came
    std::optional<std::string> device_key;     ///< the query parameter, as it came
    // Whom it was sent to, and by a page of which site: headers, as they came.
    std::string host = {};
    std::optional<std::string> origin = {};
    // What a browser sends beside them; headers, as they came.
    std::optional<std::string> cookie = {};
    std::optional<std::string> fetch_site = {};  ///< Sec-Fetch-Site
    std::string method = {};
    /// Scheme, host and port by which the client reached us; empty when the headers do not say.
    std::string site = {};
};

/// Who sent a request, as far as its endpoint needs to know.
struct Identity {
    DeviceReference device;  ///< for Access::Device; that there is one is for others to check
    Person person = {};      ///< for Access::Admin: whom the token or the session names
};

/// No credentials, or none that count. The text is for the log.
class Unauthenticated : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A token was sent, and it is none that counts. The text holds nothing of the token but names that
/// anybody may read.
class InvalidToken : public Unauthenticated {
  public:
    using Unauthenticated::Unauthenticated;
};

/// Good credentials without the right. The text is for the log.
class Forbidden : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A person's login came to nothing: refused, too late, or not begun in this browser. The text is
/// for the log.
class LoginFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// What only the issuer knows cannot be had at the moment. The text is for the log.
class IssuerUnavailable : public std::runtime_error {
  public:
    explicit IssuerUnavailable(const std::string& what,
                               std::chrono::seconds retry_after = std::chrono::seconds(10))
        : std::runtime_error(what), retry_after_(retry_after) {}
    /// After which the issuer may be asked again.
    std::chrono::seconds retry_after() const { return retry_after_; }

  private:
    std::chrono::seconds retry_after_;
};

/// Whether a token is good cannot be known: there never were keys of the issuer's.
class KeysUnavailable : public IssuerUnavailable {
  public:
    using IssuerUnavailable::IssuerUnavailable;
};

/// The same, because its key is none that we know of, and may be new. Anybody can bring that about.
class KeyInDoubt : public IssuerUnavailable {
  public:
    using IssuerUnavailable::IssuerUnavailable;
};

}  // namespace coredepot::auth
