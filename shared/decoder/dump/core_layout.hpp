#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What ESP-IDF's ELF core files are made of: components/espcoredump/src/core_dump_elf.c.
namespace coredepot::decoder {

constexpr std::string_view kRegistersNote = "CORE";
constexpr std::string_view kVersionNote = "ESP_CORE_DUMP_INFO";
constexpr std::string_view kExtraNote = "ESP_EXTRA_INFO";
constexpr std::string_view kPanicNote = "ESP_PANIC_DETAILS";

/// The type of the version note is also that of ESP_CHIP_REV, which the reference tool adds: only
/// its name tells it.
constexpr std::uint32_t kVersionNoteType = 8266;
constexpr std::uint32_t kExtraNoteType = 677;
constexpr std::uint32_t kPanicNoteType = 679;

/// Byte offsets in the descriptor of a PRSTATUS note (struct elf_prstatus of 32-bit Linux).
constexpr std::size_t kPidOffset = 24;
constexpr std::size_t kRegistersOffset = 72;

/// In place of the crashed task's TCB when that was corrupt and left out.
constexpr std::uint32_t kSkippedTask = 0xDEADBEEF;

}  // namespace coredepot::decoder
