#include "decoder/arch/riscv/cfi.hpp"

#include <tuple>

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using RuleKind = RegisterRule::Kind;

std::optional<std::uint32_t> apply(const RegisterRule& rule, std::size_t number,
                                   const FrameRegisters& registers, const Memory& memory,
                                   std::uint32_t cfa) {
    const std::uint32_t place = cfa + static_cast<std::uint32_t>(rule.value);
    switch (rule.kind) {
        case RuleKind::SameValue:
            return registers[number];
        case RuleKind::SavedAt:
            return memory.u32(place);
        case RuleKind::ValueOf:
            return place;
        case RuleKind::InRegister: {
            const auto other = static_cast<std::uint32_t>(rule.value);
            return other < registers.size() ? registers[other] : std::nullopt;
        }
        case RuleKind::Undefined:
        case RuleKind::Unsupported:
            break;
    }
    return std::nullopt;
}

static_assert(std::tuple_size_v<FrameRegisters> == kFrameRules);

}  // namespace

std::optional<CallerFrame> caller_by(const FrameRules& rules, std::size_t return_register,
                                     const FrameRegisters& registers, const Memory& memory) {
    const auto base = rules.cfa_register;
    if (!base || *base >= registers.size() || !registers[*base] ||
        return_register >= registers.size()) {
        return std::nullopt;
    }
    const std::uint32_t cfa = *registers[*base] + static_cast<std::uint32_t>(rules.cfa_offset);
    const auto of = [&](std::size_t number) {
        return apply(rules.registers[number], number, registers, memory, cfa);
    };
    CallerFrame caller;
    const RuleKind kind = rules.registers[return_register].kind;
    caller.outermost = kind == RuleKind::Undefined;
    caller.return_address_lost = kind != RuleKind::Undefined && kind != RuleKind::SavedAt;
    caller.return_address = of(return_register);
    caller.in_prologue = return_register != kRiscvReturn;
    for (std::size_t number = 0; number < registers.size(); ++number) {
        if (survives_call(number) || (caller.in_prologue && survives_millicode(number))) {
            caller.registers[number] = of(number);
        }
    }
    caller.registers[kRiscvStack] = cfa;
    return caller;
}

}  // namespace coredepot::decoder
