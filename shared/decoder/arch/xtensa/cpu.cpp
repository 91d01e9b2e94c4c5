#include "decoder/arch/cpu.hpp"

#include <array>

#include "decoder/arch/xtensa/causes.hpp"
#include "decoder/arch/xtensa/code.hpp"
#include "decoder/arch/xtensa/fault.hpp"
#include "decoder/arch/xtensa/printed_stack.hpp"
#include "decoder/arch/xtensa/registers.hpp"
#include "decoder/arch/xtensa/unwind.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::array kXtensaNames = {
    CpuRegister{"pc", "PC"},
    CpuRegister{.name = "lbeg", .printed = "LBEG", .special = &CpuState::loop_begin},
    CpuRegister{.name = "lend", .printed = "LEND", .special = &CpuState::loop_end},
    CpuRegister{.name = "lcount", .printed = "LCOUNT", .special = &CpuState::loop_count},
    CpuRegister{.name = "sar", .printed = "SAR", .special = &CpuState::shift_amount},
    CpuRegister{.name = "ps", .printed = "PS", .special = &CpuState::status},
    CpuRegister{"a0", "A0", 0},
    CpuRegister{"a1", "A1", 1},
    CpuRegister{"a2", "A2", 2},
    CpuRegister{"a3", "A3", 3},
    CpuRegister{"a4", "A4", 4},
    CpuRegister{"a5", "A5", 5},
    CpuRegister{"a6", "A6", 6},
    CpuRegister{"a7", "A7", 7},
    CpuRegister{"a8", "A8", 8},
    CpuRegister{"a9", "A9", 9},
    CpuRegister{"a10", "A10", 10},
    CpuRegister{"a11", "A11", 11},
    CpuRegister{"a12", "A12", 12},
    CpuRegister{"a13", "A13", 13},
    CpuRegister{"a14", "A14", 14},
    CpuRegister{"a15", "A15", 15},
};

/// Xtensa ISA reference, table "Special Registers".
constexpr std::array kExceptionRegisters = {
    NotedRegisters::Named{177, "epc1"}, NotedRegisters::Named{178, "epc2"},
    NotedRegisters::Named{179, "epc3"}, NotedRegisters::Named{180, "epc4"},
    NotedRegisters::Named{181, "epc5"}, NotedRegisters::Named{182, "epc6"},
    NotedRegisters::Named{183, "epc7"}, NotedRegisters::Named{194, "eps2"},
    NotedRegisters::Named{195, "eps3"}, NotedRegisters::Named{196, "eps4"},
    NotedRegisters::Named{197, "eps5"}, NotedRegisters::Named{198, "eps6"},
    NotedRegisters::Named{199, "eps7"}};
constexpr NotedRegisters kNotedRegisters = {
    .cause = 232, .address = 238, .others = kExceptionRegisters};

/// The panic handler's own reasons have numbers after the CPU's (XCHAL_EXCCAUSE_NUM); the printed
/// EXCCAUSE has that subtracted. After them come names that differ from the manual's.
constexpr std::array kPrintedCauses = {
    PrintedCause{"Unknown reason", 64},
    PrintedCause{"Unhandled debug exception", 65},
    PrintedCause{"Double exception", 66},
    PrintedCause{"Unhandled kernel exception", 67},
    PrintedCause{"Coprocessor exception", 68},
    PrintedCause{"Interrupt wdt timeout on CPU0", 69},
    PrintedCause{"Interrupt wdt timeout on CPU1", 70},
    PrintedCause{"Cache disabled but cached memory region accessed", 71},
    PrintedCause{"Cache error", 71},
    PrintedCause{"Memory protection fault", 72},
    PrintedCause{"InstrFetchProhibited", 20},
    PrintedCause{"LoadStoreAlignment", 9},
};

constexpr std::array<std::string_view, 6> kXtensaEntries = {
    "__user_exception", "__default_user_exception", "__exception", "__default_exception",
    "save_context",     "__naked_user_exception"};

}  // namespace

constinit const Cpu kXtensaCpu = {
    .architecture = Architecture::Xtensa,
    .registers = kXtensaNames,
    .stack_register = kXtensaStack,
    .read_note = read_xtensa_note,
    .read_stack = read_xtensa_stack,
    .write_note = write_xtensa_note,
    .causes = kXtensaCauses,
    .cause_register = {"exccause", "EXCCAUSE"},
    .address_register = {"excvaddr", "EXCVADDR"},
    .noted_registers = &kNotedRegisters,
    .find_fault = find_xtensa_fault,
    .make_unwinder = make_xtensa_unwinder,
    .complete = complete_xtensa_stack,
    .frames_tell_memory = true,
    .follows_call = follows_xtensa_call,
    .longest_call = kXtensaCallBytes,
    .exception_entries = kXtensaEntries,
    .printed_causes = kPrintedCauses,
    .other_registers = {},
    .made_up_stacks = kXtensaMadeUpStacks,
};

}  // namespace coredepot::decoder
