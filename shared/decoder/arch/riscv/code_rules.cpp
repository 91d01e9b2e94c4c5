#include "decoder/arch/riscv/code_rules.hpp"

#include <algorithm>
#include <string_view>

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using Rule = RegisterRule;

/// How far a function may extend from an address in it when no symbol tells.
constexpr std::uint32_t kReach = 4096;

/// The register from which the frame is found: the stack pointer, unless the function has lowered
/// it by an unknown amount. Of the others, the frame pointer s0 comes first.
std::optional<std::uint32_t> base_register(const RegisterValues& values, bool innermost) {
    if (values[kRiscvStack].base == kRiscvStack) {
        return kRiscvStack;
    }
    for (std::uint32_t number = 1; number < kGeneralRegisters; ++number) {
        if (values[number].base == kRiscvStack && (innermost || survives_call(number))) {
            return number;
        }
    }
    return std::nullopt;
}

/// Where the value is that the register `number` had at the start of the function.
RegisterRule rule_for(std::size_t number, const RegisterValues& values, bool innermost) {
    const auto holds = [&](std::size_t place) {
        const EntryValue wanted{static_cast<std::uint8_t>(number), 0};
        return values[place] == wanted && (innermost || survives_call(place));
    };
    const auto saved = values.place_of(number);
    // An interrupt may have overwritten everything below the stack pointer.
    const EntryValue sp = values[kRiscvStack];
    const bool dependable =
        saved && (sp.base != kRiscvStack || *saved >= static_cast<std::int32_t>(sp.offset));
    if (holds(number) && !dependable) {
        return {Rule::Kind::SameValue, 0};
    }
    if (saved) {
        return {Rule::Kind::SavedAt, *saved};
    }
    for (std::size_t place = 1; place < kFrameRules; ++place) {
        if (holds(place)) {
            return {Rule::Kind::InRegister, static_cast<std::int32_t>(place)};
        }
    }
    return {Rule::Kind::Unsupported, 0};
}

}  // namespace

std::vector<CodeRange> parts_of_function(std::uint32_t address, const SymbolTable& symbols) {
    const auto function = symbols.find(address);
    if (!function) {
        const auto gap = symbols.gap_around(address);
        return {{std::max(gap.start, address > kReach ? (address - kReach) & ~1U : 0),
                 std::min(gap.end, address > UINT32_MAX - kReach ? UINT32_MAX : address + kReach)}};
    }
    // GCC moves code that rarely runs out of the function and gives it a symbol of its own.
    constexpr std::string_view kCold = ".cold";
    if (const auto cold = function->name.rfind(kCold); cold != std::string_view::npos) {
        const auto start = symbols.address_of(function->name.substr(0, cold));
        if (const auto whole = start ? symbols.find(*start) : std::nullopt) {
            return {{whole->start, whole->end}, {function->start, function->end}};
        }
    }
    return {{function->start, function->end}};
}

std::optional<FrameRules> CodeRules::find(std::uint32_t lookup, bool innermost) {
    const auto [entry, is_new] = known_.try_emplace({lookup, innermost});
    if (is_new) {
        entry->second = read(lookup, innermost);
    }
    return entry->second;
}

std::optional<FrameRules> CodeRules::read(std::uint32_t lookup, bool innermost) const {
    CodeFlow flow{parts_of_function(lookup, symbols_), elf_.code()};
    const auto values = flow.before(lookup);
    const auto base = values ? base_register(*values, innermost) : std::nullopt;
    if (!base) {
        return std::nullopt;
    }
    FrameRules rules;
    rules.cfa_register = base;
    rules.cfa_offset = static_cast<std::int32_t>(0 - (*values)[*base].offset);
    for (std::size_t number = 1; number < kFrameRules; ++number) {
        if (number == kRiscvReturn || survives_call(number)) {
            rules.registers[number] = rule_for(number, *values, innermost);
        }
    }
    return rules;
}

}  // namespace coredepot::decoder
