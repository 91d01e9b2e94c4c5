#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot::decoder {

/// Where the indexes of ELFs outlive the process. Which ELF is told by its SHA-256, 64 hex digits.
/// Neither function throws: what cannot be loaded is made again.
struct IndexStore {
    std::function<std::optional<std::string>(const std::string& elf_sha256)> load;
    std::function<void(const std::string& elf_sha256, std::string_view index)> save;
};

}  // namespace coredepot::decoder
