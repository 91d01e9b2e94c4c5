#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "decoder/dump/core_image.hpp"
#include "decoder/index/elf_shelf.hpp"
#include "decoder/limits/undecodable.hpp"
#include "decoder/report/report.hpp"
#include "domain/dump_facts.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder {

/// Decodes `dump` (raw flash image, bare core ELF or UART base64) against the application ELF at
/// `elf`. `chip` is what the device said it is (`esp32c3`); empty skips that check. `rules` are
/// what the team of the device's model adds to the rules of signatures. Throws Undecodable.
Report decode(std::span<const std::byte> dump, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules = {});

/// The same for many dumps: the ELF is taken from `shelf` if it is there, and put there.
Report decode(std::span<const std::byte> dump, ElfShelf& shelf, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules = {});

/// A report, and what it was made of. The image refers to the bytes of the dump.
struct Decoded {
    Report report;
    CoreImage image;
};

/// The same for whoever needs the image, too.
Decoded decode_with_image(std::span<const std::byte> dump, ElfShelf& shelf,
                          const std::filesystem::path& elf, std::string_view chip,
                          const SignatureRules& rules = {});

/// What `dump` tells of itself, without an ELF. A dump that cannot be read tells nothing: that is
/// no error here, because decode() is what judges a dump.
DumpFacts read_facts(std::span<const std::byte> dump);

}  // namespace coredepot::decoder
