#include "objects/named_files.hpp"

#include <cstdint>
#include <filesystem>

#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "text/trim.hpp"

namespace coredepot::objects {
namespace {

/// The file's text without white space at its ends. `what` says what the file should hold. Throws
/// ConfigError.
std::string content_of(const std::string& variable, const std::filesystem::path& path,
                       std::uint64_t most, const std::string& what) {
    const auto bad = "bad configuration: " + variable;
    try {
        const auto text = os::read_file(path, most).value_or("");
        const auto content = trimmed(text, " \t\r\n");
        if (content.empty()) throw ConfigError(bad + " must name a file with " + what + " in it");
        return std::string(content);
    } catch (const os::StorageError& error) {
        throw ConfigError(bad + ": " + error.what());
    }
}

}  // namespace

std::string secret_access_key(const S3Config& config) {
    if (config.secret_access_key) return *config.secret_access_key;
    constexpr std::uint64_t kMostSecret = 4096;
    return content_of("S3_SECRET_ACCESS_KEY_FILE", config.secret_access_key_file.value(),
                      kMostSecret, "the key");
}

void require_readable_files(const S3Config& config) {
    constexpr std::uint64_t kMostCertificates = 16'777'216;  // 16 MiB
    secret_access_key(config);
    if (config.ca_file) {
        content_of("S3_CA_FILE", *config.ca_file, kMostCertificates, "certificates");
    }
}

}  // namespace coredepot::objects
