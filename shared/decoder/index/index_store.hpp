#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot::decoder {

/// Keeps indexes of ELFs beyond the life of the process. The SHA-256 (64 hex digits) identifies the
/// ELF. Neither function throws: an index that cannot be loaded is made again.
struct IndexStore {
    std::function<std::optional<std::string>(const std::string& elf_sha256)> load;
    std::function<void(const std::string& elf_sha256, std::string_view index)> save;
};

}  // namespace coredepot::decoder
