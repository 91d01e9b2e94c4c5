#include "objects/dump_keys.hpp"

#include "text/hex.hpp"

namespace coredepot::objects::keys {
namespace {

constexpr std::size_t kHexDigits = 16;

std::string key(std::string_view folder, const DeviceKey& device, const DumpFilename& filename,
                std::string_view sha256) {
    return std::string(folder)
        .append(device.str())
        .append("/")
        .append(filename.str())
        .append("-")
        .append(sha256.substr(0, kHexDigits));
}

}  // namespace

std::string coredump(const DeviceKey& device, const DumpFilename& filename,
                     std::string_view sha256) {
    return key(kCoredumps, device, filename, sha256);
}

std::optional<CoredumpKey> parse_coredump(std::string_view key) {
    if (!key.starts_with(kCoredumps)) return std::nullopt;
    const auto name = key.substr(kCoredumps.size());
    const auto slash = name.find('/');
    const auto dash = name.rfind('-');
    if (slash == std::string_view::npos || dash == std::string_view::npos || dash < slash) {
        return std::nullopt;
    }
    auto device = DeviceKey::parse(name.substr(0, slash));
    auto filename = DumpFilename::parse(name.substr(slash + 1, dash - slash - 1));
    const auto hash = name.substr(dash + 1);
    if (!device || !filename || hash.size() != kHexDigits || !from_hex(hash)) return std::nullopt;
    return CoredumpKey{*std::move(device), *std::move(filename), std::string(hash)};
}

std::string spooled(const DeviceKey& device, const DumpFilename& filename,
                    std::string_view sha256) {
    return key(kSpool, device, filename, sha256);
}

std::string spool_of(const DeviceKey& device) {
    return std::string(kSpool).append(device.str()).append("/");
}

std::string quarantined(std::string_view spooled) {
    return std::string(kQuarantine).append(spooled.substr(kSpool.size()));
}

}  // namespace coredepot::objects::keys
