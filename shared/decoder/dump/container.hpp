#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// The server accepts uploads of 1 MiB; base64 and log lines around them take some more. Anything
/// far larger is not a core dump.
constexpr std::size_t kMaxDumpBytes = 16U << 20U;

/// What ESP-IDF writes around the payload of a core dump: a header before it, and after it a
/// checksum over both. The version word tells the chip and the layout of all three.
///
/// | version      | payload | header, u32 each                               | checksum |
/// |--------------|---------|------------------------------------------------|----------|
/// | 0x001        | BIN     | length, version, tasks, TCB size               | CRC-32; UART none |
/// | 0x002        | BIN     | ... and segments                               | CRC-32   |
/// | 0x003        | BIN     | ... and chip revision                          | CRC-32   |
/// | 0x100, 0x101 | ELF     | as 0x002, counts are zero                      | CRC-32, SHA-256 |
/// | 0x102, 0x103 | ELF     | as 0x003, counts are zero                      | CRC-32, SHA-256 |
/// | 0x104        | ELF     | length, version, chip revision                 | SHA-256  |
///
/// Source: ESP-IDF, components/espcoredump/include_core_dump/esp_core_dump_types.h.
struct Container {
    enum class Payload { Elf, Bin };

    Payload payload = Payload::Elf;
    const Chip* chip = nullptr;                    ///< null: a bare core ELF; its notes may tell
    std::optional<std::uint32_t> chip_revision{};  ///< from the header; empty: it has none
    std::uint32_t task_count = 0;                  ///< BIN only
    std::uint32_t tcb_size = 0;                    ///< bytes; BIN only
    std::uint32_t segment_count = 0;               ///< memory segments after the tasks; BIN only
    std::span<const std::byte> body;               ///< the payload, in the dump or in `decoded`
    /// All bytes of a decoded text; null for others.
    std::shared_ptr<const std::vector<std::byte>> decoded;
};

/// Recognises `dump` and checks its length and checksum. It may be a raw flash image (bytes after
/// its length are ignored), UART base64 or hex as people copy and send them, or a bare core ELF,
/// which has no length and no checksum. The container refers to `dump`. Throws Undecodable.
Container open_container(std::span<const std::byte> dump);

}  // namespace coredepot::decoder
