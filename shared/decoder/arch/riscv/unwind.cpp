#include "decoder/arch/riscv/unwind.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/code.hpp"
#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/millicode.hpp"
#include "decoder/arch/riscv/registers.hpp"
#include "decoder/bytes/hex.hpp"

namespace coredepot::decoder {
namespace {

/// ROM calls back into the application (`ets_printf` to its output function), which may call ROM.
constexpr int kMaxBridges = 2;
/// The most frames that trial walks may visit for one stack. A real stack takes about twenty, a
/// hostile one as many as we allow.
constexpr int kMaxTrialFrames = 20'000;
/// The psABI's stack alignment.
constexpr std::uint32_t kStackAlignment = 16;
/// The most that can lie between the saved return address of a ROM function and the end of its
/// frame: the arguments a0 to a7, which a variadic function saves, in aligned steps.
constexpr std::uint32_t kAboveReturnAddress = 48;

/// The functions where ESP-IDF enters an interrupt (components/riscv/vectors.S). They switch to the
/// interrupt stack. Nothing called them, and what they saved is on the stack of a task.
constexpr std::array<std::string_view, 2> kInterruptEntries = {"_interrupt_handler",
                                                               "_tee_interrupt_handler"};

/// The caller of a task's function (ESP-IDF 5 and later, port.c, unless configured otherwise).
constexpr std::string_view kTaskWrapper = "vPortTaskWrapper";

}  // namespace

Walk RiscvUnwinder::unwind(const CpuState& cpu, std::size_t max_depth) {
    max_depth_ = max_depth;
    State state;
    state.pc = cpu.pc;
    state.lookup = cpu.pc;
    state.registers = frame_registers(cpu.general);
    state.innermost = true;
    trial_frames_left_ = kMaxTrialFrames;
    return walk(state, kMaxBridges);
}

Walk RiscvUnwinder::walk(State state, int bridges) {
    Walk walk;
    const auto append = [&walk](Walk rest) {
        std::ranges::for_each(rest.frames, [&walk](const auto& frame) { walk.add(frame); });
        walk.end = std::move(rest.end);
    };
    while (true) {
        deadline_.check();
        if (state.strict && --trial_frames_left_ < 0) {
            walk.end = "the stack leads to too many places";
            return walk;
        }
        const std::uint32_t sp = state.registers[kRiscvStack].value_or(0);
        walk.add({state.pc, state.lookup, sp, state.guessed, false, state.registers});
        // A trial fails when it runs into a runaway recursion.
        const std::size_t max_depth = state.strict ? kMaxFrames - 1 : max_depth_;
        if (walk.depth() >= max_depth) {
            walk.end = Walk::too_deep(max_depth);
            return walk;
        }
        if (!elf_.is_code(state.lookup) && in_rom(state.lookup)) {
            if (auto rest = leaf_in_rom(state, bridges)) {
                append(*std::move(rest));
                return walk;
            }
            if (auto rest = bridge(state, bridges)) {
                append(*std::move(rest));
                return walk;
            }
        }
        Step next = step(state);
        walk.frames.back().cfa = next.cfa;
        if (!next.caller) {
            walk.end = std::move(next.end);
            return walk;
        }
        state = *next.caller;
    }
}

RiscvUnwinder::Step RiscvUnwinder::step(const State& state) {
    if (elf_.is_code(state.lookup)) {
        if (is_interrupt_entry(state)) {
            return {{}, {}};
        }
        if (const auto caller = at_return(state)) {
            return to_caller(state, *caller);
        }
        const auto match = frames_.find(state.lookup);
        if (const auto caller =
                match ? caller_by(match->rules, match->return_register, state.registers, memory_)
                      : std::nullopt) {
            return to_caller(state, *caller);
        }
        if (const auto caller = by_code(state)) {
            return to_caller(state, *caller);
        }
        return {{}, "there is no call frame information for " + hex_address(state.pc)};
    }
    // This is a call of a bad pointer, or a leaf function in ROM: nothing has changed ra and sp
    // yet.
    if (state.innermost) {
        CallerFrame caller;
        caller.registers = state.registers;
        caller.return_address = state.registers[kRiscvReturn];
        return to_caller(state, caller);
    }
    return {{},
            in_rom(state.lookup) ? "the functions in ROM do not tell their caller"
                                 : "the return address " + hex_address(state.pc) + " is not code"};
}

bool RiscvUnwinder::is_interrupt_entry(const State& state) const {
    const auto function = symbols_.find(state.lookup);
    return function && !state.innermost &&
           std::ranges::find(kInterruptEntries, function->name) != kInterruptEntries.end();
}

RiscvUnwinder::Step RiscvUnwinder::to_caller(const State& state, const CallerFrame& caller) {
    const auto sp = state.registers[kRiscvStack];
    const auto caller_sp = caller.registers[kRiscvStack];
    if (caller.outermost || (caller.return_address == 0U && may_begin_task(state))) {
        return {{}, {}, caller_sp};
    }
    if (!caller.return_address && caller.return_address_lost) {
        return {{},
                "nothing tells where the function at " + hex_address(state.pc) +
                    " kept its return address",
                caller_sp};
    }
    if (!caller.return_address) {
        return {{}, "the dump does not hold the stack of " + hex_address(state.pc), caller_sp};
    }
    const std::uint32_t pc = *caller.return_address;
    const bool may_be_frameless = state.innermost || state.in_prologue;
    if (!caller_sp || (sp && (*caller_sp < *sp || (*caller_sp == *sp && !may_be_frameless)))) {
        return {{}, "the stack pointer does not rise after " + hex_address(sp.value_or(0)), {}};
    }
    if (!elf_.is_code(pc - 1) && !in_rom(pc - 1)) {
        return {{}, "the return address " + hex_address(pc) + " is not code", caller_sp};
    }
    if (state.strict && !follows_call(pc, elf_)) {
        return {{}, "the return address " + hex_address(pc) + " does not follow a call", caller_sp};
    }
    return {
        State{pc, pc - 1, caller.registers, false, state.strict, state.guessed, caller.in_prologue},
        {},
        caller_sp};
}

/// Finds the caller of the innermost frame if that is about to return. By then, a function has
/// restored all registers, and GCC's frame information for that place is wrong in
/// `__riscv_restore_N`. (It is right for the loads before it.)
std::optional<CallerFrame> RiscvUnwinder::at_return(const State& state) const {
    const auto instruction = decode_instruction(elf_.code(state.pc), state.pc);
    if (!state.innermost || !instruction || instruction->kind != Instruction::Kind::JumpRegister) {
        return std::nullopt;
    }
    return run_to_return(state.pc, state.registers, elf_, memory_);
}

std::optional<CallerFrame> RiscvUnwinder::by_code(const State& state) {
    const auto function = symbols_.find(state.lookup);
    const auto name = function ? function->name : std::string_view{};
    if (is_restoring_millicode(name) && state.innermost) {
        return run_to_return(state.pc, state.registers, elf_, memory_);
    }
    const std::size_t link = is_saving_millicode(name) ? kMillicodeLink : kRiscvReturn;
    const auto rules = code_rules_.find(state.lookup, state.innermost);
    return rules ? caller_by(*rules, link, state.registers, memory_) : std::nullopt;
}

/// Whether a return address of 0 may mean that a task begins here. Empty stack also reads as 0, and
/// a trial may take it for a frame. So in a trial, the function must be the one in which ESP-IDF
/// starts tasks.
bool RiscvUnwinder::may_begin_task(const State& state) {
    if (!state.strict) {
        return true;
    }
    if (!task_wrapper_) {
        task_wrapper_ = symbols_.address_of(kTaskWrapper).value_or(0);
    }
    const auto function = symbols_.find(state.lookup);
    return *task_wrapper_ == 0 || (function && function->start == *task_wrapper_);
}

/// Walks on from a state that is only likely. Empty when it leads nowhere.
std::optional<Walk> RiscvUnwinder::trial(State state, int bridges) {
    if (trial_frames_left_ <= 0) {
        return std::nullopt;
    }
    state.strict = true;
    state.lookup = state.pc - 1;
    Walk walk = this->walk(state, bridges);
    return walk.end.empty() ? std::optional{std::move(walk)} : std::nullopt;
}

/// Handles a crash in a leaf function in ROM, such as strlen or memcpy with a bad pointer: `ra` and
/// `sp` still belong to its caller. If the walk confirms this, it is not a guess, because calls
/// work that way.
std::optional<Walk> RiscvUnwinder::leaf_in_rom(const State& state, int bridges) {
    const auto ra = state.registers[kRiscvReturn];
    if (!state.innermost || !ra || !elf_.is_code(*ra - 1) || !follows_call(*ra, elf_)) {
        return std::nullopt;
    }
    State caller;
    caller.pc = *ra;
    caller.registers = preserved_by_call(state.registers);
    caller.registers[kRiscvStack] = state.registers[kRiscvStack];
    return trial(caller, bridges);
}

/// Whether a word on a stack may be a return address into ROM: it points into ROM, but not to the
/// start of a function.
bool RiscvUnwinder::may_return_into_rom(std::uint32_t address) const {
    return address % 2 == 0 && in_rom(address) && !elf_.is_code(address) &&
           !symbols_.is_rom_entry(address);
}

std::optional<Walk> RiscvUnwinder::bridge(const State& state, int bridges) {
    const auto sp = state.registers[kRiscvStack];
    if (bridges == 0 || !sp) {
        return std::nullopt;
    }
    const auto stack = memory_.from(*sp & ~3U);
    std::optional<std::uint32_t> into_rom;  // the last return address into ROM
    for (std::uint32_t offset = 0; offset + 4 <= stack.size(); offset += 4) {
        const std::uint32_t place = (*sp & ~3U) + offset;
        const std::uint32_t address = memory_.u32(place).value_or(0);
        if (may_return_into_rom(address)) {
            into_rom = address;
        }
        const auto target = direct_call_target(address, elf_);
        if (!target || !symbols_.is_rom_entry(*target)) {
            continue;
        }
        // If there is no function in which all tasks begin, an empty stretch of stack looks like
        // the beginning of a task. Only the longest walk tells them apart.
        std::optional<Walk> longest;
        const std::uint32_t lowest = (place + 4 + kStackAlignment - 1) & ~(kStackAlignment - 1);
        for (std::uint32_t above = 0; above <= kAboveReturnAddress; above += kStackAlignment) {
            State caller;
            caller.pc = address;
            caller.registers[kRiscvStack] = lowest + above;
            caller.guessed = true;
            auto rest = trial(caller, bridges - 1);
            if (rest && (!longest || rest->depth() > longest->depth())) {
                longest = std::move(rest);
            }
        }
        if (longest && into_rom) {
            // That address belongs to the called ROM function, wherever in ROM its entry jumps to.
            longest->frames.insert(longest->frames.begin(), {*into_rom, *target, 0, true});
        }
        if (longest) {
            return longest;
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
