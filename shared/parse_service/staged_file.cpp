#include "parse_service/staged_file.hpp"

#include <climits>
#include <system_error>
#include <utility>

#include "core/errors.hpp"
#include "decoder/limits/undecodable.hpp"
#include "domain/signature_rules.hpp"
#include "os/files.hpp"

namespace coredepot::parse_service {
namespace {

/// Enough for a core dump of a megabyte as UART base64 with a serial log around it.
constexpr std::uint64_t kMaxCoreBytes = 8'388'608;
/// In JSON, a byte takes at most six characters.
constexpr std::uint64_t kMaxRulesBytes =
    8 * SignatureRules::kMaxEntries * SignatureRules::kMaxBytes;

}  // namespace

std::filesystem::path staged_file(const http::Request& request, const std::filesystem::path& folder,
                                  const char* parameter) {
    const auto name = request.query.get(parameter);
    if (!name || name->empty()) {
        throw core::ValidationFailed(std::string("Missing required query parameter: ") + parameter);
    }
    if (name->find('/') != std::string::npos || name->find('\0') != std::string::npos ||
        name->starts_with('.') || name->size() > NAME_MAX) {
        throw core::ValidationFailed(std::string(parameter) + " must be a bare file name");
    }
    auto path = folder / *name;
    const auto type = std::filesystem::symlink_status(path).type();
    if (type != std::filesystem::file_type::regular &&
        type != std::filesystem::file_type::not_found) {
        throw core::ValidationFailed(std::string(parameter) + " must be the name of a file");
    }
    return path;
}

std::string read_coredump(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > kMaxCoreBytes) {
        throw decoder::Undecodable("this is not a core dump: it has " + std::to_string(size) +
                                   " bytes, and none is larger than " +
                                   std::to_string(kMaxCoreBytes));
    }
    auto coredump = os::read_file(path, kMaxCoreBytes);
    if (!coredump) throw core::NotFound("File", path.filename());
    return *std::move(coredump);
}

std::string read_rules(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > kMaxRulesBytes) {
        throw core::ValidationFailed("The signature rules are too large");
    }
    auto rules = os::read_file(path, kMaxRulesBytes);
    if (!rules) throw core::NotFound("File", path.filename());
    return *std::move(rules);
}

}  // namespace coredepot::parse_service
