#include "decoder/arch/riscv/millicode.hpp"

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

/// The longest function, `__riscv_restore_12`, has 19 instructions.
constexpr int kMaxInstructions = 32;

std::optional<std::uint32_t> sum(std::optional<std::uint32_t> base, std::uint32_t offset) {
    return base ? std::optional{*base + offset} : std::nullopt;
}

}  // namespace

bool is_saving_millicode(std::string_view function) {
    return function.starts_with("__riscv_save_");
}

bool is_restoring_millicode(std::string_view function) {
    return function.starts_with("__riscv_restore_");
}

std::optional<CallerFrame> run_to_return(std::uint32_t pc, FrameRegisters registers,
                                         const ApplicationElf& elf, const Memory& memory) {
    for (int i = 0; i < kMaxInstructions; ++i) {
        const auto next = decode_instruction(elf.code(pc), pc);
        if (!next || next->destination >= kGeneralRegisters) {
            return std::nullopt;
        }
        const auto place = sum(registers[next->source], next->immediate);
        switch (next->kind) {
            case Op::Add:
                registers[next->destination] = place;
                break;
            case Op::LoadWord:
                registers[next->destination] = place ? memory.u32(*place) : std::nullopt;
                break;
            case Op::JumpRegister: {
                if (next->source != kRiscvReturn || next->immediate != 0) {
                    return std::nullopt;
                }
                CallerFrame caller;
                caller.registers = preserved_by_call(registers);
                caller.registers[kRiscvStack] = registers[kRiscvStack];
                caller.return_address = registers[kRiscvReturn];
                return caller;
            }
            default:
                return std::nullopt;
        }
        registers[0] = 0;
        pc += next->size;
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
