#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {

/// A register in a report. If it is neither general nor special, it is the pc.
struct CpuRegister {
    static constexpr std::size_t kNotGeneral = kGeneralRegisters;

    std::string_view name;              ///< in gdb
    std::string_view printed;           ///< in the output of ESP-IDF's panic_print_registers()
    std::size_t general = kNotGeneral;  ///< its DWARF number
    std::optional<std::uint32_t> CpuState::*special = nullptr;

    constexpr bool is_pc() const { return special == nullptr && general == kNotGeneral; }

    constexpr void set(CpuState& state, std::uint32_t value) const {
        if (special != nullptr) {
            state.*special = value;
        } else if (is_pc()) {
            state.pc = value;
        } else {
            state.general[general] = value;
        }
    }

    /// Its value; empty when unknown.
    constexpr std::optional<std::uint32_t> of(const CpuState& state) const {
        if (special != nullptr) {
            return state.*special;
        }
        return is_pc() ? state.pc : state.general[general];
    }
};

}  // namespace coredepot::decoder
