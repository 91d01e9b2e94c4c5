#include "objects/dump_keys.hpp"

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
