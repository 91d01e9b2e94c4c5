#include "decoder/arch/riscv/register_values.hpp"

#include <algorithm>

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

/// A function saves at most 25 registers. Anything else that it stores does not matter.
constexpr std::size_t kMaxSlots = 64;

constexpr std::uint32_t kWordBytes = 4;

/// Whether the value is one that functions save, or an address on the stack.
bool is_worth_keeping(EntryValue value) {
    return value.base == kRiscvReturn || value.base == kRiscvStack ||
           (value.is_known() && value.base != 0 && survives_call(value.base));
}

}  // namespace

RegisterValues::RegisterValues() {
    for (std::size_t number = 0; number < registers_.size(); ++number) {
        registers_[number] = {static_cast<std::uint8_t>(number), 0};
    }
}

std::optional<std::int32_t> RegisterValues::place_of(std::size_t number) const {
    const EntryValue wanted{static_cast<std::uint8_t>(number), 0};
    const auto slot = std::ranges::find(slots_, wanted, &Slot::value);
    return slot == slots_.end() ? std::nullopt : std::optional{slot->offset};
}

void RegisterValues::run(const Instruction& instruction) {
    switch (instruction.kind) {
        case Op::Other:
            set(instruction.destination, {});
            break;
        case Op::OtherPair:
            set(instruction.destination, {});
            set(instruction.second, {});
            break;
        case Op::Add:
            set(instruction.destination, plus(instruction.source, instruction.immediate));
            break;
        case Op::AddRegisters:
            set(instruction.destination, sum(instruction));
            break;
        case Op::SubtractRegisters:
            set(instruction.destination, difference(instruction));
            break;
        case Op::ShiftLeft: {
            const EntryValue value = registers_[instruction.source];
            set(instruction.destination,
                value.base == 0 ? EntryValue{0, value.offset << (instruction.immediate & 31U)}
                                : EntryValue{});
            break;
        }
        case Op::LoadWord:
            set(instruction.destination, load(plus(instruction.source, instruction.immediate)));
            break;
        case Op::Store:
            store(plus(instruction.source, instruction.immediate), instruction.width,
                  registers_[instruction.second]);
            break;
        case Op::Call:
        case Op::CallRegister:
            forget_what_calls_change();
            break;
        case Op::Push:
            push(instruction);
            break;
        case Op::Pop:
        case Op::PopReturn:
            pop(instruction);
            break;
        case Op::Branch:
        case Op::Jump:
        case Op::JumpRegister:
        case Op::Trap:
            break;
    }
}

void RegisterValues::set(std::size_t number, EntryValue value) {
    if (number != 0) {
        registers_[number] = value;
    }
}

bool RegisterValues::meet(const RegisterValues& other) {
    bool changed = false;
    for (std::size_t number = 0; number < registers_.size(); ++number) {
        if (registers_[number].is_known() && registers_[number] != other.registers_[number]) {
            registers_[number] = {};
            changed = true;
        }
    }
    const auto lost = std::erase_if(slots_, [&](const Slot& slot) {
        return std::ranges::find(other.slots_, slot) == other.slots_.end();
    });
    return changed || lost > 0;
}

EntryValue RegisterValues::plus(std::size_t number, std::uint32_t offset) const {
    const EntryValue value = registers_[number];
    return value.is_known() ? EntryValue{value.base, value.offset + offset} : EntryValue{};
}

EntryValue RegisterValues::sum(const Instruction& instruction) const {
    const EntryValue second = registers_[instruction.second];
    if (second.base == 0) {
        return plus(instruction.source, second.offset);
    }
    const EntryValue first = registers_[instruction.source];
    return first.base == 0 ? plus(instruction.second, first.offset) : EntryValue{};
}

EntryValue RegisterValues::difference(const Instruction& instruction) const {
    const EntryValue first = registers_[instruction.source];
    const EntryValue second = registers_[instruction.second];
    if (second.base == 0) {
        return plus(instruction.source, 0 - second.offset);
    }
    const bool alike = first.is_known() && first.base == second.base;
    return alike ? EntryValue{0, first.offset - second.offset} : EntryValue{};
}

EntryValue RegisterValues::load(EntryValue address) const {
    if (address.base != kRiscvStack) {
        return {};
    }
    const auto slot =
        std::ranges::find(slots_, static_cast<std::int32_t>(address.offset), &Slot::offset);
    return slot == slots_.end() ? EntryValue{} : slot->value;
}

/// A function does not change its saved registers through any pointer other than the stack's.
void RegisterValues::store(EntryValue address, std::uint32_t width, EntryValue value) {
    if (address.base != kRiscvStack) {
        return;
    }
    const auto offset = static_cast<std::int32_t>(address.offset);
    const std::int64_t end = std::int64_t{offset} + width;
    std::erase_if(slots_, [&](const Slot& slot) {
        return slot.offset < end && std::int64_t{slot.offset} + kWordBytes > offset;
    });
    if (width == kWordBytes && is_worth_keeping(value) && slots_.size() < kMaxSlots) {
        slots_.insert(std::ranges::lower_bound(slots_, offset, {}, &Slot::offset), {offset, value});
    }
}

void RegisterValues::push(const Instruction& instruction) {
    for (std::uint32_t i = 0; i < instruction.width / kWordBytes; ++i) {
        store(plus(kRiscvStack, i * kWordBytes - instruction.width), kWordBytes,
              registers_[pushed_register(i)]);
    }
    set(kRiscvStack, plus(kRiscvStack, 0 - instruction.immediate));
}

void RegisterValues::pop(const Instruction& instruction) {
    const EntryValue end = plus(kRiscvStack, instruction.immediate);
    set(kRiscvStack, end);
    for (std::uint32_t i = 0; i < instruction.width / kWordBytes; ++i) {
        set(pushed_register(i), load(plus(kRiscvStack, i * kWordBytes - instruction.width)));
    }
}

void RegisterValues::forget_what_calls_change() {
    for (std::size_t number = 0; number < registers_.size(); ++number) {
        if (number != kRiscvStack && !survives_call(number)) {
            set(number, {});
        }
    }
}

}  // namespace coredepot::decoder
