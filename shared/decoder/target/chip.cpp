#include "decoder/target/chip.hpp"

#include <algorithm>
#include <array>

namespace coredepot::decoder {
namespace {

constexpr auto kXtensa = Architecture::Xtensa;
constexpr auto kRiscV = Architecture::RiscV;

/// From ESP-IDF, components/bootloader_support/include/esp_app_format.h.
constexpr std::array kChips = {
    Chip{0, "esp32", kXtensa},   Chip{2, "esp32s2", kXtensa},  Chip{9, "esp32s3", kXtensa},
    Chip{5, "esp32c3", kRiscV},  Chip{12, "esp32c2", kRiscV},  Chip{13, "esp32c6", kRiscV},
    Chip{16, "esp32h2", kRiscV}, Chip{18, "esp32p4", kRiscV},  Chip{20, "esp32c61", kRiscV},
    Chip{23, "esp32c5", kRiscV}, Chip{25, "esp32h21", kRiscV}, Chip{28, "esp32h4", kRiscV},
    Chip{32, "esp32s31", kRiscV}};

struct ArchitectureRow {
    Architecture architecture;
    std::string_view name;
    std::uint16_t machine;
};
constexpr std::array kArchitectures = {ArchitectureRow{kXtensa, "Xtensa", kMachineXtensa},
                                       ArchitectureRow{kRiscV, "RISC-V", kMachineRiscV}};

const ArchitectureRow& row_of(Architecture architecture) {
    return *std::ranges::find(kArchitectures, architecture, &ArchitectureRow::architecture);
}

template <typename Predicate>
const Chip* find_if(Predicate predicate) {
    const auto* const found = std::ranges::find_if(kChips, predicate);
    return found == kChips.end() ? nullptr : found;
}

}  // namespace

const Chip* find_chip(std::uint16_t id) {
    return find_if([id](const Chip& chip) { return chip.id == id; });
}

const Chip* find_chip(std::string_view name) {
    return find_if([name](const Chip& chip) { return chip.name == name; });
}

std::string_view architecture_name(Architecture architecture) {
    return row_of(architecture).name;
}

std::uint16_t machine_of(Architecture architecture) {
    return row_of(architecture).machine;
}

std::optional<Architecture> architecture_of_machine(std::uint16_t machine) {
    const auto* const found = std::ranges::find(kArchitectures, machine, &ArchitectureRow::machine);
    return found == kArchitectures.end() ? std::nullopt : std::optional{found->architecture};
}

}  // namespace coredepot::decoder
