#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "auth/session_keys.hpp"

namespace coredepot::auth {

/// The longest cookie that browsers keep: 4096 bytes with its name (RFC 6265bis, section 5.6).
constexpr std::size_t kMostCookieBytes = 4096 - 64;

/// Encrypts text that a browser keeps for us, and decrypts it again.
class Seal {
  public:
    explicit Seal(const std::filesystem::path& key_file) : keys_(key_file) {}

    bool has_key() { return keys_.current() != nullptr; }
    /// Throws std::runtime_error when there is no key.
    std::string close(std::string_view type, std::string_view text);
    /// Empty unless close() made `sealed`, with the same type and a key that we still have.
    std::optional<std::string> open(std::string_view type, std::string_view sealed);

  private:
    SessionKeys keys_;
};

}  // namespace coredepot::auth
