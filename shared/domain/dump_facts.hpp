#pragma once

#include <optional>
#include <string>

namespace coredepot {

/// What a core dump says about itself. Empty: it does not say, or cannot be read.
struct DumpFacts {
    std::optional<std::string> chip;  ///< `esp32c3`
    /// The start of the SHA-256 of the ELF that made the core dump: usually 9 or 16 lower-case hex
    /// characters, not all of them zero.
    std::optional<std::string> elf_sha256_prefix;
};

}  // namespace coredepot
