#pragma once

#include <compare>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coredepot {

/// The start of OIDC client IDs that name a device themselves: `iotdevice-{model}-{key}`.
inline constexpr std::string_view kDeviceClients = "iotdevice-";

/// A string that matches its rule. Paths and statements are made from these and never from a
/// client's bytes, so code that compiles uses checked names.
template <class Rule>
class Name {
  public:
    /// Empty when `text` does not match.
    static std::optional<Name> parse(std::string_view text) {
        if (!Rule::matches(text)) return std::nullopt;
        return Name(text);
    }

    /// For text that a database constraint has already checked. A mismatch is a bug of ours.
    static Name trusted(std::string_view text) {
        if (auto name = parse(text)) return *name;
        throw std::logic_error(std::string("not a ") + Rule::kWhat);
    }

    const std::string& str() const { return text_; }
    // clang-tidy 14 takes the 0 in the comparison with the result for a pointer.
    auto operator<=>(const Name&) const = default;  // NOLINT(modernize-use-nullptr)

  private:
    explicit Name(std::string_view text) : text_(text) {}
    std::string text_;
};

/// `^[a-z0-9_]{1,50}$`
struct ModelCodeRule {
    static constexpr const char* kWhat = "model code";
    static bool matches(std::string_view text);
};
/// `^[a-z0-9]{8}$`
struct DeviceKeyRule {
    static constexpr const char* kWhat = "device key";
    static bool matches(std::string_view text);
};
/// `^[a-z0-9]{1,50}$`, such as `esp32c3`
struct ChipRule {
    static constexpr const char* kWhat = "chip";
    static bool matches(std::string_view text);
};
/// 1 to 50 printable ASCII characters, no `/` or `\`, not starting with `.`
struct FirmwareVersionRule {
    static constexpr const char* kWhat = "firmware version";
    static bool matches(std::string_view text);
};
/// `coredump_YYYYMMDDTHHMMSS_ffffffZ.dmp`
struct DumpFilenameRule {
    static constexpr const char* kWhat = "core dump file name";
    static bool matches(std::string_view text);
};

/// 1 to 255 printable ASCII characters: a header's value, opaque to us.
/// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/)
struct IdempotencyKeyRule {
    static constexpr const char* kWhat = "idempotency key";
    static bool matches(std::string_view text);
};

/// 1 to 255 printable ASCII characters (RFC 6749, appendix A.1), except `iotdevice-…`, which is our
/// own name for a device (domain/device.hpp)
struct ClientIdRule {
    static constexpr const char* kWhat = "client id";
    static bool matches(std::string_view text);
};

using ModelCode = Name<ModelCodeRule>;
using DeviceKey = Name<DeviceKeyRule>;
using Chip = Name<ChipRule>;
using FirmwareVersion = Name<FirmwareVersionRule>;
using DumpFilename = Name<DumpFilenameRule>;
using IdempotencyKey = Name<IdempotencyKeyRule>;
using ClientId = Name<ClientIdRule>;

}  // namespace coredepot
