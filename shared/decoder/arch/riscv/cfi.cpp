#include "decoder/arch/riscv/cfi.hpp"

#include <tuple>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {
namespace {

using Kind = RegisterRule::Kind;

std::optional<std::uint32_t> apply(const RegisterRule& rule, std::size_t number,
                                   const FrameRegisters& registers, const Memory& memory,
                                   std::uint32_t cfa) {
    const std::uint32_t place = cfa + static_cast<std::uint32_t>(rule.value);
    switch (rule.kind) {
        case Kind::SameValue:
            return registers[number];
        case Kind::SavedAt:
            return memory.u32(place);
        case Kind::ValueOf:
            return place;
        case Kind::InRegister: {
            const auto other = static_cast<std::uint32_t>(rule.value);
            return other < registers.size() ? registers[other] : std::nullopt;
        }
        case Kind::Undefined:
        case Kind::Unsupported:
            break;
    }
    return std::nullopt;
}

static_assert(std::tuple_size_v<FrameRegisters> == kFrameRules);

bool survives_call(std::size_t number) {
    const auto is_saved = [](std::size_t n) { return n == 8 || n == 9 || (n >= 18 && n <= 27); };
    return number < kGeneralRegisters
               ? number == 0 || number == 3 || number == 4 || is_saved(number)
               : is_saved(number - kGeneralRegisters);  // numbered alike
}

}  // namespace

FrameRegisters preserved_by_call(const FrameRegisters& registers) {
    FrameRegisters preserved;
    for (std::size_t number = 0; number < registers.size(); ++number) {
        if (survives_call(number)) {
            preserved[number] = registers[number];
        }
    }
    return preserved;
}

CallFrameInfo::CallFrameInfo(const ApplicationElf& elf)
    : debug_frame_{elf.section(".debug_frame"), FrameTable::Format::DebugFrame},
      eh_frame_{elf.section(".eh_frame"), FrameTable::Format::EhFrame} {}

std::optional<CallerFrame> CallFrameInfo::caller(std::uint32_t lookup,
                                                 const FrameRegisters& registers,
                                                 const Memory& memory) const {
    auto match = debug_frame_.find(lookup);
    if (!match) {
        match = eh_frame_.find(lookup);
    }
    const auto base_register = match ? match->rules.cfa_register : std::nullopt;
    if (!base_register || *base_register >= registers.size() || !registers[*base_register] ||
        match->return_register >= registers.size()) {
        return std::nullopt;
    }
    const FrameRules& rules = match->rules;
    const std::uint32_t cfa =
        *registers[*base_register] + static_cast<std::uint32_t>(rules.cfa_offset);
    const auto of = [&](std::size_t number) {
        return apply(rules.registers[number], number, registers, memory, cfa);
    };
    CallerFrame caller;
    caller.outermost = rules.registers[match->return_register].kind == Kind::Undefined;
    caller.return_address = of(match->return_register);
    for (std::size_t number = 0; number < registers.size(); ++number) {
        if (survives_call(number)) {
            caller.registers[number] = of(number);
        }
    }
    caller.registers[kRiscvStack] = cfa;
    return caller;
}

}  // namespace coredepot::decoder
