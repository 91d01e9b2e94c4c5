#include "decoder/arch/riscv/code.hpp"

#include "decoder/arch/riscv/instruction.hpp"

namespace coredepot::decoder {
namespace {

using Kind = Instruction::Kind;

constexpr std::uint32_t kReturnRegister = 1;
constexpr std::uint32_t kShortCall = 2;
constexpr std::uint32_t kLongCall = 4;

/// The instruction of `size` bytes that ends where `end` is; empty: it has another size.
std::optional<Instruction> instruction_before(std::uint32_t end, std::uint32_t size,
                                              const ApplicationElf& elf) {
    const auto found = decode_instruction(elf.code(end - size), end - size);
    return found && found->size == size ? found : std::nullopt;
}

bool is_call(const std::optional<Instruction>& instruction) {
    return instruction && instruction->destination == kReturnRegister &&
           (instruction->kind == Kind::Call || instruction->kind == Kind::CallRegister);
}

}  // namespace

bool follows_call(std::uint32_t return_address, const ApplicationElf& elf) {
    return is_call(instruction_before(return_address, kLongCall, elf)) ||
           is_call(instruction_before(return_address, kShortCall, elf));
}

std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf) {
    if (const auto call = instruction_before(return_address, kLongCall, elf); is_call(call)) {
        if (call->kind == Kind::Call) {
            return call->immediate;
        }
        const auto upper = instruction_before(return_address - kLongCall, kLongCall, elf);
        if (upper && upper->kind == Kind::Add && upper->source == 0 &&
            upper->destination == call->source) {
            return upper->immediate + call->immediate;
        }
    }
    if (const auto call = instruction_before(return_address, kShortCall, elf);
        is_call(call) && call->kind == Kind::Call) {
        return call->immediate;
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
