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

/// Decodes `dump` (raw flash image, bare core ELF or UART base64) with the application ELF at
/// `elf`. `chip` is what the device says it is (`esp32c3`); empty skips that check. `rules` are the
/// team's additions to the rules of signatures. Throws Undecodable.
Report decode(std::span<const std::byte> dump, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules = {});

/// The same for many dumps: takes the ELF from `shelf`, and puts it there if it is missing.
Report decode(std::span<const std::byte> dump, ElfShelf& shelf, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules = {});

/// A report and its source. The image refers to the dump's bytes.
struct Decoded {
    Report report;
    CoreImage image;
};

/// The same, for callers that also need the image.
Decoded decode_with_image(std::span<const std::byte> dump, ElfShelf& shelf,
                          const std::filesystem::path& elf, std::string_view chip,
                          const SignatureRules& rules = {});

/// What `dump` says about itself, without an ELF. An unreadable dump gives no facts and no error,
/// because decode() is the one to judge it.
DumpFacts read_facts(std::span<const std::byte> dump);

}  // namespace coredepot::decoder
