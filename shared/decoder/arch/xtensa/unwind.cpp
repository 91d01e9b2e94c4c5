#include "decoder/arch/xtensa/unwind.hpp"

#include <optional>

#include "decoder/arch/xtensa/registers.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

bool may_be_code(std::uint32_t address, const ApplicationElf& elf, std::string_view chip) {
    return elf.is_code(address) || in_mask_rom(chip, address);
}

/// Every windowed function starts with `ENTRY`; this is its low byte (Xtensa ISA reference).
bool is_entry_instruction(std::uint32_t pc, const ApplicationElf& elf) {
    const auto code = elf.code(pc);
    return !code.empty() && code[0] == std::byte{0x36};
}

/// PS bits that show an unfinished call: the window has yet to turn by four times as many
/// registers.
constexpr std::uint32_t call_increment(const CpuState& cpu) {
    return cpu.status.value_or(0) >> 16U & 3U;
}

/// A call puts the return address into a4, a8 or a12, and only ENTRY then turns the register window
/// by that much. If the pc is still at ENTRY, or if a bad pointer was called, the registers are the
/// caller's, and the caller's own address is in that register.
std::optional<std::uint32_t> unfinished_call(const CpuState& cpu, const ApplicationElf& elf,
                                             std::string_view chip) {
    if (may_be_code(cpu.pc, elf, chip) && !is_entry_instruction(cpu.pc, elf)) {
        return std::nullopt;
    }
    const std::uint32_t increment = call_increment(cpu);
    const auto return_address = cpu.general[std::size_t{4} * increment];
    if (increment == 0 || !return_address || *return_address >> 30U != increment) {
        return std::nullopt;
    }
    const std::uint32_t address = xtensa_code_address(*return_address);
    return elf.is_code(address - 1) ? std::optional{address} : std::nullopt;
}

/// Reads the registers that a frame saved when the frame below it turned the window by `shift`
/// registers. a4 and up are below its caller's stack pointer, where its own locals cannot reach
/// (Xtensa ISA reference, "Windowed Register Usage and Stack Layout").
void read_spilled(PhysicalFrame& frame, std::size_t shift, const Memory& memory) {
    const auto caller_sp = memory.u32(frame.sp - 12);
    if (!caller_sp || *caller_sp <= frame.sp) {
        return;
    }
    frame.cfa = caller_sp;
    const std::uint32_t area = *caller_sp - 4 * static_cast<std::uint32_t>(shift);
    for (std::size_t i = 4; i < shift; ++i) {
        const auto offset = static_cast<std::uint32_t>(4 * (i - 4));
        frame.registers[i] = memory.u32(area + offset);
    }
}

/// The frame that was running.
PhysicalFrame innermost_frame(const CpuState& cpu, std::uint32_t sp, const Memory& memory,
                              const ApplicationElf& elf) {
    PhysicalFrame frame{cpu.pc, cpu.pc, sp, false, false, frame_registers(cpu.general)};
    if (cpu.pc_is_return_address) {
        frame.lookup = cpu.pc - 1;
        read_spilled(frame, 8, memory);  // GCC uses CALL8
    } else if (is_entry_instruction(cpu.pc, elf)) {
        frame.cfa = sp;
        frame.at_entry = true;
        frame.window_shift = std::size_t{4} * call_increment(cpu);
    } else {
        frame.cfa = memory.u32(sp - 12);
    }
    return frame;
}

/// Where ESP-IDF enters an interrupt that C code handles (components/xtensa/xtensa_vectors.S). By
/// then it has switched to the interrupts' stack.
bool is_interrupt_entry(std::uint32_t address, const SymbolTable& symbols) {
    const auto function = symbols.find(address);
    return function &&
           (function->name.starts_with("_xt_lowint") || function->name.starts_with("_xt_medint"));
}

class XtensaUnwinder : public StackUnwinder {
  public:
    explicit XtensaUnwinder(const StackSources& sources) : sources_{sources} {}

    Walk unwind(const CpuState& cpu, std::size_t max_depth) override;

  private:
    StackSources sources_;
};

Walk XtensaUnwinder::unwind(const CpuState& cpu, std::size_t max_depth) {
    const Memory& memory = sources_.memory;
    const ApplicationElf& elf = sources_.elf;
    const std::string_view chip = sources_.chip;
    Walk walk;
    std::uint32_t sp = cpu.general[kXtensaStack].value_or(0);
    std::uint32_t return_address = cpu.general[kXtensaReturn].value_or(0);
    walk.add(innermost_frame(cpu, sp, memory, elf));
    if (const auto caller = unfinished_call(cpu, elf, chip)) {
        walk.add({*caller, *caller - 1, sp, false, false, frame_registers(cpu.general),
                  memory.u32(sp - 12)});
    }
    while (return_address != 0) {
        const std::uint32_t pc = xtensa_code_address(return_address);
        if (walk.depth() >= max_depth) {
            walk.end = Walk::too_deep(max_depth);
            return walk;
        }
        if (!may_be_code(pc - 1, elf, chip)) {
            walk.end = "the return address " + hex_address(return_address) + " is not code";
            return walk;
        }
        const std::size_t shift = std::size_t{4} * (return_address >> 30U);
        walk.frames.back().window_shift = shift;
        walk.add({pc, pc - 1});
        const auto next_return = memory.u32(sp - 16);
        const auto next_sp = memory.u32(sp - 12);
        if (!next_return || !next_sp) {
            walk.end = "the dump does not hold the stack at " + hex_address(sp);
            return walk;
        }
        if (*next_return != 0 && *next_sp <= sp) {
            // Beyond an interrupt's entry is the stack of the task that it interrupted.
            if (is_interrupt_entry(pc - 1, sources_.symbols)) {
                return walk;
            }
            walk.end = "the stack pointer does not rise after " + hex_address(sp);
            return walk;
        }
        PhysicalFrame& frame = walk.frames.back();
        frame.registers = {next_return, next_sp, memory.u32(sp - 8), memory.u32(sp - 4)};
        return_address = *next_return;
        sp = *next_sp;
        frame.sp = sp;
        read_spilled(frame, shift, memory);
    }
    return walk;
}

}  // namespace

std::unique_ptr<StackUnwinder> make_xtensa_unwinder(const StackSources& sources) {
    return std::make_unique<XtensaUnwinder>(sources);
}

}  // namespace coredepot::decoder
