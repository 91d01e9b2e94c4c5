#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/unwind.hpp"

namespace coredepot::decoder {

/// What a register or a stack slot holds, in terms of what the registers held where the function
/// begins: the register `base` as it was there, plus `offset`. A constant has x0 as its base.
struct EntryValue {
    std::uint8_t base = kUnknown;
    std::uint32_t offset = 0;

    static constexpr std::uint8_t kUnknown = 0xFF;
    bool is_known() const { return base != kUnknown; }
    bool operator==(const EntryValue&) const = default;
};

/// The registers and the stack of a function at one of its instructions, in terms of what the
/// registers held where it begins.
class RegisterValues {
  public:
    /// Where the function begins: all registers are as they are.
    RegisterValues();

    const EntryValue& operator[](std::size_t number) const { return registers_[number]; }

    /// Where the function keeps the value with which the register `number` came, as an offset from
    /// the stack pointer at the beginning of the function; empty: in no place that is known.
    std::optional<std::int32_t> place_of(std::size_t number) const;

    /// What `instruction` does, a jump aside. A call is over after it: what calls do not preserve
    /// is unknown then.
    void run(const Instruction& instruction);

    void set(std::size_t number, EntryValue value);

    /// Two ways lead here: what they do not agree on is unknown. Returns whether that is more than
    /// before.
    bool meet(const RegisterValues& other);

    bool operator==(const RegisterValues&) const = default;

  private:
    struct Slot {
        std::int32_t offset = 0;  ///< from the stack pointer at the beginning of the function
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
