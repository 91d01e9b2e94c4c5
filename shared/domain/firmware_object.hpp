#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"

namespace coredepot {

/// The key of firmware in a bucket: `bundles/{code}/{sha256}.zip` or `images/{code}/{sha256}.bin`.
/// The object is named after its own bytes, so it never changes.
struct FirmwareObject {
    enum class Kind : std::uint8_t { Bundle, Image };
    Kind kind = Kind::Bundle;
    ModelCode code;
    std::string sha256;  ///< of the object, 64 lower-case hex characters

    std::string key() const;
    /// Empty for any other key.
    static std::optional<FirmwareObject> parse(std::string_view key);

    bool operator==(const FirmwareObject&) const = default;
};

/// The prefix of all keys of a kind, and of one model's.
std::string firmware_prefix(FirmwareObject::Kind kind);
std::string firmware_prefix(FirmwareObject::Kind kind, const ModelCode& code);

}  // namespace coredepot
