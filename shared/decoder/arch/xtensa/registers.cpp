#include "decoder/arch/xtensa/registers.hpp"

#include "decoder/arch/made_up_stack.hpp"
#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/byte_writer.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kPhysicalRegisters = 64;
/// The words of `xtensa_gregset_t`: all physical registers come after as many other words.
constexpr std::size_t kNoteWords = 2 * kPhysicalRegisters;

void set_return_address(CpuState& state) {
    state.pc = xtensa_code_address(state.pc);
    state.pc_is_return_address = true;
}

/// Processor status bits (Xtensa ISA reference, PS register).
constexpr std::uint32_t kPsExceptionMode = 0x10;
constexpr std::uint32_t kPsUserMode = 0x20;

}  // namespace

void set_status_of_task(CpuState& state) {
    if ((state.status.value_or(0) & kPsUserMode) != 0) {
        *state.status &= ~kPsExceptionMode;
    }
}

/// ESP-IDF's `xtensa_gregset_t`: pc ps lbeg lend lcount sar windowstart windowbase, 56 reserved,
/// then all 64 physical registers.
CpuState read_xtensa_note(std::span<const std::byte> bytes, bool crashed) {
    ByteReader reader{bytes, "the registers of a task"};
    CpuState state;
    state.pc = reader.u32();
    // The device masks the pc of a task that yielded. A crash may have jumped below all code.
    if (!crashed && state.pc != 0 && (state.pc & ~kXtensaCodeMask) == 0 &&
        !is_made_up_stack(kXtensaMadeUpStacks, state.pc)) {
        set_return_address(state);
    }
    state.status = reader.u32();
    state.loop_begin = reader.u32();
    state.loop_end = reader.u32();
    state.loop_count = reader.u32();
    state.shift_amount = reader.u32();
    reader.skip(4);  // windowstart
    const std::size_t window = std::size_t{4} * reader.u32();
    reader.skip(std::size_t{56} * 4);
    const auto physical = reader.take(kPhysicalRegisters * 4);
    // A note of a solicited frame only knows a0-a3. The device fills the rest with an earlier
    // task's registers.
    const std::size_t known = state.pc_is_return_address ? 4 : kXtensaRegisters;
    for (std::size_t i = 0; i < known; ++i) {
        const std::size_t index = (window + i) % kPhysicalRegisters;
        state.general[i] = load_u32(physical.subspan(index * 4));
    }
    return state;
}

std::string write_xtensa_note(const CpuState& state) {
    std::string bytes;
    for (const auto value : {std::optional{state.pc}, state.status, state.loop_begin,
                             state.loop_end, state.loop_count, state.shift_amount}) {
        add_u32(bytes, value.value_or(0));
    }
    add_u32(bytes, 1);  // windowstart: of window 0, which is the current one
    bytes.resize(kPhysicalRegisters * 4);
    for (std::size_t i = 0; i < kXtensaRegisters; ++i) {
        add_u32(bytes, state.general[i].value_or(0));
    }
    bytes.resize(kNoteWords * 4);
    return bytes;
}

/// FreeRTOS' XtExcFrame and XtSolFrame (xtensa_context.h). Word 0 tells them apart: the exit
/// routine for an interrupted task, 0 for a task that yielded, 0xDEADBEEF for the crashed task. The
/// made-up frame of a task whose stack makes no sense is an XtExcFrame with 0.
CpuState read_xtensa_stack(std::span<const std::byte> bytes) {
    ByteReader reader{bytes, "the register frame of a task"};
    CpuState state;
    const bool marked_solicited = reader.u32() == 0;
    state.pc = reader.u32();
    state.status = reader.u32();
    const bool solicited = marked_solicited && !is_made_up_stack(kXtensaMadeUpStacks, state.pc);
    if (solicited) {
        reader.skip(4);  // unused: a0 is on a 16-byte boundary
    }
    for (std::size_t i = 0; i < (solicited ? 4 : kXtensaRegisters); ++i) {
        state.general[i] = reader.u32();
    }
    if (solicited) {
        set_return_address(state);
        return state;
    }
    state.shift_amount = reader.u32();
    reader.skip(8);  // cause and address of the exception: see fault.hpp
    state.loop_begin = reader.u32();
    state.loop_end = reader.u32();
    state.loop_count = reader.u32();
    set_status_of_task(state);
    return state;
}

}  // namespace coredepot::decoder
