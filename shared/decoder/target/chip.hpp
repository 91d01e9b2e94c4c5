#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/report/architecture.hpp"

namespace coredepot::decoder {

/// The architectures' values of `e_machine` (ELF gABI).
constexpr std::uint16_t kMachineXtensa = 94;
constexpr std::uint16_t kMachineRiscV = 243;

/// A chip that the version word of a core dump can name.
struct Chip {
    std::uint16_t id;       ///< ESP-IDF's esp_chip_id_t
    std::string_view name;  ///< the name of ESP-IDF's build target, `esp32c3`
    Architecture architecture;
};

/// Null for an unknown chip.
const Chip* find_chip(std::uint16_t id);
const Chip* find_chip(std::string_view name);

/// `Xtensa`, `RISC-V`.
std::string_view architecture_name(Architecture architecture);

/// `e_machine` of its ELFs (ELF gABI).
std::uint16_t machine_of(Architecture architecture);

/// Empty when no chip has such a CPU.
std::optional<Architecture> architecture_of_machine(std::uint16_t machine);

/// Whether any chip has its mask ROM there, whose functions are in no application ELF (from the
/// maps in memory_regions.hpp). Some chips have flash there; if you know the chip, ask about it.
bool in_mask_rom(std::uint32_t address);

}  // namespace coredepot::decoder
