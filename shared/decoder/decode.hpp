#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "decoder/elf_shelf.hpp"
#include "decoder/report.hpp"
#include "decoder/undecodable.hpp"

namespace coredepot::decoder {

/// Decodes `dump` (raw flash image, bare core ELF or UART base64) against the application ELF at
/// `elf`. `chip` is what the device said it is (`esp32c3`); empty skips that check.
/// Throws Undecodable.
Report decode(std::span<const std::byte> dump, const std::filesystem::path& elf,
              std::string_view chip);

/// The same for many dumps: the ELF is taken from `shelf` if it is there, and put there.
Report decode(std::span<const std::byte> dump, ElfShelf& shelf, const std::filesystem::path& elf,
              std::string_view chip);

/// The hex prefix of the application ELF's SHA-256 that `dump` carries: usually 9 or 16 lower-case
/// characters. Empty when it carries none (BIN container) or cannot be read; never throws for bad
/// input, because the sidecar is the one that judges a dump.
std::optional<std::string> elf_sha256_prefix(std::span<const std::byte> dump);

/// The chip that `dump` says it is of (`esp32c3`). Empty when it does not tell, or cannot be read;
/// never throws for bad input either.
std::optional<std::string> chip_name(std::span<const std::byte> dump);

}  // namespace coredepot::decoder
