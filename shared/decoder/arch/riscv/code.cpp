#include "decoder/arch/riscv/code.hpp"

#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

/// The instruction of `size` bytes that ends at `end`; empty when it has another size.
std::optional<Instruction> instruction_before(std::uint32_t end, std::uint32_t size,
                                              const ApplicationElf& elf) {
    const auto found = decode_instruction(elf.code(end - size), end - size);
    return found && found->size == size ? found : std::nullopt;
}

bool is_call(const std::optional<Instruction>& instruction) {
    return instruction && instruction->destination == kRiscvReturn &&
           (instruction->kind == Op::Call || instruction->kind == Op::CallRegister);
}

}  // namespace

bool follows_call(std::uint32_t return_address, const ApplicationElf& elf) {
    return is_call(instruction_before(return_address, kFullBytes, elf)) ||
           is_call(instruction_before(return_address, kCompressedBytes, elf));
}

std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf) {
    if (const auto call = instruction_before(return_address, kFullBytes, elf); is_call(call)) {
        if (call->kind == Op::Call) {
            return call->immediate;
        }
        const auto upper = instruction_before(return_address - kFullBytes, kFullBytes, elf);
        if (upper && upper->kind == Op::Add && upper->source == 0 &&
            upper->destination == call->source) {
            return upper->immediate + call->immediate;
        }
    }
    if (const auto call = instruction_before(return_address, kCompressedBytes, elf);
        is_call(call) && call->kind == Op::Call) {
        return call->immediate;
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
