#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The format of ESP-IDF's ELF core files: components/espcoredump/src/core_dump_elf.c.
namespace coredepot::decoder {

constexpr std::string_view kRegistersNote = "CORE";
constexpr std::string_view kVersionNote = "ESP_CORE_DUMP_INFO";
constexpr std::string_view kExtraNote = "ESP_EXTRA_INFO";
constexpr std::string_view kPanicNote = "ESP_PANIC_DETAILS";

/// The version note has the same type as ESP_CHIP_REV, which the reference tool adds. Only the name
/// differs.
constexpr std::uint32_t kVersionNoteType = 8266;
constexpr std::uint32_t kExtraNoteType = 677;
constexpr std::uint32_t kPanicNoteType = 679;

/// Byte offsets in the descriptor of a PRSTATUS note (struct elf_prstatus of 32-bit Linux).
constexpr std::size_t kPidOffset = 24;
constexpr std::size_t kRegistersOffset = 72;

/// Stands in for the crashed task's TCB if that was corrupt and left out.
constexpr std::uint32_t kSkippedTask = 0xDEADBEEF;

}  // namespace coredepot::decoder
