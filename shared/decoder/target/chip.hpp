#pragma once

#include <cstdint>
#include <optional>
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

/// `e_machine` of its ELFs (ELF gABI).
std::uint16_t machine_of(Architecture architecture);

/// Empty: no chip has such a CPU.
std::optional<Architecture> architecture_of_machine(std::uint16_t machine);

/// Whether any chip keeps its mask ROM there, whose functions are in no application ELF (from the
/// maps in memory_regions.hpp). Some chips have flash there; where the chip is known, ask about it.
bool in_mask_rom(std::uint32_t address);

}  // namespace coredepot::decoder
