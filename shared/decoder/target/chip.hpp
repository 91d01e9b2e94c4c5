#pragma once

#include <cstdint>
#include <string_view>

#include "decoder/report/architecture.hpp"

namespace coredepot::decoder {

/// Values of `e_machine` (ELF gABI) of the two architectures.
constexpr std::uint16_t kMachineXtensa = 94;
constexpr std::uint16_t kMachineRiscV = 243;

/// A chip as the version word of a core dump names it.
struct Chip {
    std::uint16_t id;       ///< ESP-IDF's esp_chip_id_t
    std::string_view name;  ///< as ESP-IDF's build target is called, `esp32c3`
    Architecture architecture;
};

/// Null: no such chip.
const Chip* find_chip(std::uint16_t id);
const Chip* find_chip(std::string_view name);

/// `Xtensa`, `RISC-V`.
std::string_view architecture_name(Architecture architecture);

/// Whether `address` lies where Espressif's chips keep their mask ROM, whose functions are in no
/// application ELF. From `SOC_IROM_MASK_LOW/HIGH` in ESP-IDF's soc.h, the union over all chips.
/// Some chips have RAM there (ESP32 unicore at 0x40070000) or flash (P4, S31), so ask only about
/// addresses outside the application's own code.
bool in_mask_rom(std::uint32_t address);

}  // namespace coredepot::decoder
