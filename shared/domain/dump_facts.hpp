#pragma once

#include <optional>
#include <string>

namespace coredepot {

/// What a core dump tells of itself. Empty: it does not tell, or cannot be read.
struct DumpFacts {
    std::optional<std::string> chip;  ///< `esp32c3`
    /// How the SHA-256 of the ELF starts that the core dump was made by: usually 9 or 16
    /// lower-case hex characters, not all of them zeros.
    std::optional<std::string> elf_sha256_prefix;
};

}  // namespace coredepot
