#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "domain/device.hpp"

namespace coredepot::auth {

/// Who an endpoint is for.
enum class Access { Public, Device, Admin, Pipeline };

/// What a request brings to prove who sent it.
struct Credentials {
    std::optional<std::string> authorization;  ///< the header, as it came
    std::optional<std::string> device_key;     ///< the query parameter, as it came
    // Whom it was sent to, and by a page of which site: headers, as they came.
    std::string host = {};
    std::optional<std::string> origin = {};
};

/// Who sent a request, as far as its endpoint needs to know.
struct Identity {
    DeviceReference device;  ///< for Access::Device; that there is one is for others to check
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

/// What only the issuer knows cannot be had, and never was. The text is for the log.
class IssuerUnavailable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
    /// After which the issuer is asked again.
    static constexpr std::chrono::seconds kRetryAfter{10};
};

/// Whether a token is good cannot be known: there are no keys of the issuer's.
class KeysUnavailable : public IssuerUnavailable {
  public:
    using IssuerUnavailable::IssuerUnavailable;
};

}  // namespace coredepot::auth
