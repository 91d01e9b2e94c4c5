#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/jwe.hpp"

namespace coredepot::auth {

/// The keys in the text of a key file: a line each of an id and 256 bits as base64url, with one
/// space between them; empty lines and those that begin with `#` are none. Empty when anything else
/// is in it, when there are more than two, or none, or two of one id.
std::optional<std::vector<SecretKey>> parse_session_keys(std::string_view text);

/// What sessions are encrypted with: SESSION_KEY_FILE as it is now. The first key encrypts; the
/// second, while keys are changed, decrypts what was encrypted before.
class SessionKeys {
  public:
    explicit SessionKeys(std::filesystem::path path) : path_(std::move(path)) {}

    /// Both null when there is none: the file is missing, is no key file, or may be read or written
    /// by everybody (logged once each). Good until the next call.
    const SecretKey* current();
    const SecretKey* find(std::string_view id);

  private:
    void look();
    std::vector<SecretKey> read() const;

    std::filesystem::path path_;
    /// Tells a file that was replaced or written to from what it was: device, inode, size, and the
    /// time of the change in seconds and nanoseconds. Empty: it could not be looked at.
    using Version = std::optional<std::array<std::int64_t, 5>>;
    std::optional<Version> seen_;  ///< empty: never looked
    std::vector<SecretKey> keys_;
};

}  // namespace coredepot::auth
