#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/jwe.hpp"

namespace coredepot::auth {

/// The keys in a key file. Each line has an ID and 256 bits as base64url, separated by a space.
/// Empty lines and lines that start with `#` do not count. Empty when the text has anything else,
/// more than two keys, no key, or two keys with the same ID.
std::optional<std::vector<SecretKey>> parse_session_keys(std::string_view text);

/// The keys that encrypt sessions: SESSION_KEY_FILE in its current state. The first key encrypts.
/// During a change of keys, the second one decrypts older sessions.
class SessionKeys {
  public:
    explicit SessionKeys(std::filesystem::path path) : path_(std::move(path)) {}

    /// Both are null when there is no key: the file is missing or invalid, or everybody may read or
    /// write it (each is logged once). The pointers are valid until the next call.
    const SecretKey* current();
    const SecretKey* find(std::string_view id);

  private:
    void look();
    std::vector<SecretKey> read() const;

    std::filesystem::path path_;
    /// Identifies a state of the file: device, inode, size, and the time of the last change in
    /// seconds and nanoseconds. Empty: we could not read it.
    using Version = std::optional<std::array<std::int64_t, 5>>;
    std::optional<Version> seen_;  ///< empty: not read yet
    std::vector<SecretKey> keys_;
};

}  // namespace coredepot::auth
