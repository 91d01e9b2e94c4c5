#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "domain/device.hpp"
#include "domain/person.hpp"

namespace coredepot::auth {

/// Who may use an endpoint. Viewer: viewers and admins.
enum class Access { Public, Device, Admin, Pipeline, Viewer };

/// The parts of a request that show who sent it.
struct Credentials {
    std::optional<std::string> authorization;  ///< the header, unchanged
    std::optional<std::string> device_key;     ///< the query parameter, unchanged
    // Where the request was sent, and by a page of which site: unchanged headers.
    std::string host = {};
    std::optional<std::string> origin = {};
    // What a browser adds: unchanged headers.
    std::optional<std::string> cookie = {};
    std::optional<std::string> fetch_site = {};  ///< Sec-Fetch-Site
    std::string method = {};
    /// The scheme, host and port by which the client reached us; empty when the headers do not say.
    std::string site = {};
};

/// Who sent a request. It has only what the endpoint needs.
struct Identity {
    DeviceReference device;  ///< for Access::Device; it may not exist
    Person person = {};      ///< for Access::Admin: the person of the token or session
};

/// There are no valid credentials. The text is for the log.
class Unauthenticated : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The request has a token, but it is invalid. The text contains nothing of the token except names
/// that anybody may read.
class InvalidToken : public Unauthenticated {
  public:
    using Unauthenticated::Unauthenticated;
};

/// The credentials are valid but give no right to do this. The text is for the log.
class Forbidden : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A person's login failed: it was refused, too late, or not started in this browser. The text is
/// for the log.
class LoginFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Only the issuer knows the answer, and it is unavailable. The text is for the log.
class IssuerUnavailable : public std::runtime_error {
  public:
    explicit IssuerUnavailable(const std::string& what,
                               std::chrono::seconds retry_after = std::chrono::seconds(10))
        : std::runtime_error(what), retry_after_(retry_after) {}
    /// How long to wait before asking the issuer again.
    std::chrono::seconds retry_after() const { return retry_after_; }

  private:
    std::chrono::seconds retry_after_;
};

/// We cannot check any token, because we have never had the issuer's keys.
class KeysUnavailable : public IssuerUnavailable {
  public:
    using IssuerUnavailable::IssuerUnavailable;
};

/// The token's key is unknown to us and may be new. Anybody can cause that.
class KeyInDoubt : public IssuerUnavailable {
  public:
    using IssuerUnavailable::IssuerUnavailable;
};

}  // namespace coredepot::auth
