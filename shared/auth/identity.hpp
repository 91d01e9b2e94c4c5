#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace coredepot::auth {

/// Who an endpoint is for.
enum class Access { Public, Device, Admin, Pipeline };

/// What a request brings to prove who sent it.
struct Credentials {
    std::optional<std::string> authorization;  ///< the header, as it came
    std::optional<std::string> device_key;     ///< the query parameter, as it came
};

/// Who sent a request, as far as its endpoint needs to know.
struct Identity {
    std::string device_key;  ///< for Access::Device; as it came, unchecked
};

/// No credentials, or none that count. The text is for the log.
class Unauthenticated : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Good credentials without the right. The text is for the log.
class Forbidden : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace coredepot::auth
