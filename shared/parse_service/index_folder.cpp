#include "parse_service/index_folder.hpp"

#include "decoder/index/index_format.hpp"
#include "log.hpp"
#include "os/storage_error.hpp"
#include "storage/bounded_folder.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::parse_service {
namespace {

/// An index has about 10 KB, a hostile ELF's up to 12 MB.
constexpr storage::BoundedFolder::Limits kIndexLimits{512, 67'108'864};

std::string index_name(const std::string& elf_sha256) {
    return elf_sha256 + "-v" + std::to_string(decoder::kIndexVersion) +
           std::string(storage::layout::kIndexSuffix);
}

void warn(const os::StorageError& error) {
    log::warning("cannot keep the index of an ELF", {{"error", error.what()}});
}

}  // namespace

decoder::IndexStore index_folder(const std::filesystem::path& folder) {
    const storage::BoundedFolder files(folder, kIndexLimits);
    return {[files](const std::string& elf_sha256) -> std::optional<std::string> {
                try {
                    return files.read(index_name(elf_sha256), decoder::kMaxIndexBytes);
                } catch (const os::StorageError& error) {
                    warn(error);
                    return std::nullopt;
                }
            },
            [files](const std::string& elf_sha256, std::string_view index) {
                try {
                    files.write(index_name(elf_sha256), index);
                } catch (const os::StorageError& error) {
                    warn(error);
                }
            }};
}

}  // namespace coredepot::parse_service
