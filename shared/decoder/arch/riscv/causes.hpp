#pragma once

#include <array>

#include "decoder/arch/exception_cause.hpp"
#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {

/// The RISC-V Instruction Set Manual, volume II, table "Machine cause register values".
constexpr std::array kRiscvCauses = {
    ExceptionCause{0, "Instruction address misaligned", kinds::kJump, "a jump to an odd address",
                   true},
    ExceptionCause{1, "Instruction access fault", kinds::kJump,
                   "a jump to what is no code, as through a bad function pointer", true},
    ExceptionCause{
        2, "Illegal instruction", kinds::kInstruction,
        "the CPU does not know the instruction in mtval: a jump to what is no code, damaged code, "
        "or a trap of the compiler"},
    ExceptionCause{3, "Breakpoint", kinds::kBreakpoint, kDebugMeaning},
    ExceptionCause{4, "Load address misaligned", kinds::kUnaligned,
                   "a load from an address that is not a multiple of its size", true},
    ExceptionCause{5, "Load access fault", kinds::kLoad,
                   "a load from an address that cannot be read", true},
    ExceptionCause{6, "Store/AMO address misaligned", kinds::kUnaligned,
                   "a store to an address that is not a multiple of its size", true},
    ExceptionCause{7, "Store/AMO access fault", kinds::kStore,
                   "a store to an address that cannot be written", true},
    ExceptionCause{8, "Environment call from U-mode", kinds::kSystemCall},
    ExceptionCause{9, "Environment call from S-mode", kinds::kSystemCall},
    ExceptionCause{11, "Environment call from M-mode", kinds::kSystemCall},
    ExceptionCause{12, "Instruction page fault", kinds::kJump, {}, true},
    ExceptionCause{13, "Load page fault", kinds::kLoad, {}, true},
    ExceptionCause{15, "Store/AMO page fault", kinds::kStore, {}, true},
    // ESP-IDF's panic handler puts the number of the interrupt that called it here (soc.h,
    // ETS_*_INUM), plus bit 12 for the watchdog of CPU 1 (panic_reason.h).
    ExceptionCause{24, "Interrupt watchdog timeout", kinds::kInterruptWatchdog,
                   "interrupts were held off for too long"},
    ExceptionCause{24 | 1U << 12U, "Interrupt watchdog timeout on CPU 1", kinds::kInterruptWatchdog,
                   "interrupts were held off for too long"},
    ExceptionCause{
        25, "Cache error", kinds::kCacheError,
        "the cache was used while it was off, as by code in flash while flash is written"},
    ExceptionCause{26, "Memory protection fault", kinds::kMemoryProtection,
                   "an access that the memory protection forbids"},
    ExceptionCause{27, "Stack protection fault", kinds::kStackOverflow,
                   "the stack pointer left the task's stack"},
};

}  // namespace coredepot::decoder
