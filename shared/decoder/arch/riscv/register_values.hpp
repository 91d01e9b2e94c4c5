#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/unwind.hpp"

namespace coredepot::decoder {

/// The value of a register or stack slot, relative to the start of the function: the value that the
/// register `base` had there, plus `offset`. A constant has the base x0.
struct EntryValue {
    std::uint8_t base = kUnknown;
    std::uint32_t offset = 0;

    static constexpr std::uint8_t kUnknown = 0xFF;
    bool is_known() const { return base != kUnknown; }
    bool operator==(const EntryValue&) const = default;
};

/// A function's registers and stack at one of its instructions, relative to the registers' values
/// at the start of the function.
class RegisterValues {
  public:
    /// The start of the function, where all registers have their original values.
    RegisterValues();

    const EntryValue& operator[](std::size_t number) const { return registers_[number]; }

    /// Where the function keeps the original value of the register `number`, as an offset from the
    /// stack pointer at the function's start; empty when the place is unknown.
    std::optional<std::int32_t> place_of(std::size_t number) const;

    /// Applies `instruction`, except a jump. For a call, applies its return: registers that calls
    /// do not preserve become unknown.
    void run(const Instruction& instruction);

    void set(std::size_t number, EntryValue value);

    /// Merges the state of another path to this place: values that differ become unknown. Returns
    /// whether more are unknown than before.
    bool meet(const RegisterValues& other);

    bool operator==(const RegisterValues&) const = default;

  private:
    struct Slot {
        std::int32_t offset = 0;  ///< from the stack pointer at the start of the function
        EntryValue value;
        bool operator==(const Slot&) const = default;
    };

    EntryValue plus(std::size_t number, std::uint32_t offset) const;
    EntryValue sum(const Instruction& instruction) const;
    EntryValue difference(const Instruction& instruction) const;
    EntryValue load(EntryValue address) const;
    void store(EntryValue address, std::uint32_t width, EntryValue value);
    void push(const Instruction& instruction);
    void pop(const Instruction& instruction);
    void forget_what_calls_change();

    std::array<EntryValue, std::tuple_size_v<FrameRegisters>> registers_;
    std::vector<Slot> slots_;  // by offset
};

}  // namespace coredepot::decoder
