#include "decoder/arch/exception_names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {
namespace {

struct Name {
    std::uint32_t cause;
    std::string_view text;
    std::string_view kind;  ///< what happened, in words of all CPUs
    std::string_view meaning = {};
    bool address = false;  ///< the address register holds an address of memory
};

/// CONFIG_FREERTOS_WATCHPOINT_END_OF_STACK is what most of them come from.
constexpr std::string_view kDebugMeaning =
    "a breakpoint or a watchpoint, such as the one that ESP-IDF can put at the end of a task's "
    "stack";

/// Xtensa ISA reference, table "Exception Causes", with the names of the reference tool. From 64
/// on, ESP-IDF's panic handler puts its own reasons there (XCHAL_EXCCAUSE_NUM + panic_reason).
constexpr std::array kXtensa = {
    Name{0, "IllegalInstructionCause", kinds::kInstruction,
         "the CPU does not know the instruction: a jump to what is no code, or damaged code"},
    Name{1, "SyscallCause", kinds::kSystemCall},
    Name{2, "InstructionFetchErrorCause", kinds::kJump,
         "the instruction could not be fetched: a jump to what is no code", true},
    Name{3, "LoadStoreErrorCause", kinds::kAccess,
         "an access that the memory there does not allow, such as bytes of instruction RAM", true},
    Name{4, "Level1InterruptCause", kinds::kUnknownException},
    Name{5, "AllocaCause", kinds::kUnknownException},
    Name{6, "IntegerDivideByZeroCause", kinds::kDivision, "a division by zero"},
    Name{8, "PrivilegedCause", kinds::kPrivilege},
    Name{9, "LoadStoreAlignmentCause", kinds::kUnaligned,
         "an access to an address that is not a multiple of its size", true},
    Name{12, "InstrPIFDataErrorCause", kinds::kJump, {}, true},
    Name{13, "LoadStorePIFDataErrorCause", kinds::kAccess, {}, true},
    Name{14, "InstrPIFAddrErrorCause", kinds::kJump, "a jump to where no memory is", true},
    Name{15, "LoadStorePIFAddrErrorCause", kinds::kAccess, "an access to where no memory is", true},
    Name{16, "InstTLBMissCause", kinds::kJump, {}, true},
    Name{17, "InstTLBMultiHitCause", kinds::kJump, {}, true},
    Name{18, "InstFetchPrivilegeCause", kinds::kJump, {}, true},
    Name{20, "InstFetchProhibitedCause", kinds::kJump,
         "a jump to what is no code, as through a bad function pointer", true},
    Name{24, "LoadStoreTLBMissCause", kinds::kAccess, {}, true},
    Name{25, "LoadStoreTLBMultiHitCause", kinds::kAccess, {}, true},
    Name{26, "LoadStorePrivilegeCause", kinds::kAccess, {}, true},
    Name{28, "LoadProhibitedCause", kinds::kLoad, "a load from an address that cannot be read",
         true},
    Name{29, "StoreProhibitedCause", kinds::kStore, "a store to an address that cannot be written",
         true},
    Name{32, "Coprocessor0Disabled", kinds::kCoprocessor},
    Name{33, "Coprocessor1Disabled", kinds::kCoprocessor},
    Name{34, "Coprocessor2Disabled", kinds::kCoprocessor},
    Name{35, "Coprocessor3Disabled", kinds::kCoprocessor},
    Name{36, "Coprocessor4Disabled", kinds::kCoprocessor},
    Name{37, "Coprocessor5Disabled", kinds::kCoprocessor},
    Name{38, "Coprocessor6Disabled", kinds::kCoprocessor},
    Name{39, "Coprocessor7Disabled", kinds::kCoprocessor},
    Name{64, "unknown exception", kinds::kUnknownException},
    Name{65, "unhandled debug exception", kinds::kBreakpoint, kDebugMeaning},
    Name{66, "double exception", kinds::kDoubleException},
    Name{67, "unhandled kernel exception", kinds::kUnknownException},
    Name{68, "coprocessor exception", kinds::kCoprocessor},
    Name{69, "interrupt watchdog timeout on CPU 0", kinds::kInterruptWatchdog,
         "interrupts were held off for too long"},
    Name{70, "interrupt watchdog timeout on CPU 1", kinds::kInterruptWatchdog,
         "interrupts were held off for too long"},
    Name{71, "cache error", kinds::kCacheError,
         "the cache was used while it was off, as by code in flash while flash is written"},
    Name{72, "memory protection fault", kinds::kMemoryProtection,
         "an access that the memory protection forbids"},
    // COREDUMP_INVALID_CAUSE_VALUE
    Name{0xFFFF, "InvalidCauseRegister", kinds::kUnknown,
         "the task that crashed is not known, or its stack made no sense"},
};

/// The RISC-V Instruction Set Manual, volume II, table "Machine cause register values".
constexpr std::array kRiscv = {
    Name{0, "Instruction address misaligned", kinds::kJump, "a jump to an odd address", true},
    Name{1, "Instruction access fault", kinds::kJump,
         "a jump to what is no code, as through a bad function pointer", true},
    Name{2, "Illegal instruction", kinds::kInstruction,
         "the CPU does not know the instruction in mtval: a jump to what is no code, damaged code, "
         "or a trap of the compiler"},
    Name{3, "Breakpoint", kinds::kBreakpoint, kDebugMeaning},
    Name{4, "Load address misaligned", kinds::kUnaligned,
         "a load from an address that is not a multiple of its size", true},
    Name{5, "Load access fault", kinds::kLoad, "a load from an address that cannot be read", true},
    Name{6, "Store/AMO address misaligned", kinds::kUnaligned,
         "a store to an address that is not a multiple of its size", true},
    Name{7, "Store/AMO access fault", kinds::kStore, "a store to an address that cannot be written",
         true},
    Name{8, "Environment call from U-mode", kinds::kSystemCall},
    Name{9, "Environment call from S-mode", kinds::kSystemCall},
    Name{11, "Environment call from M-mode", kinds::kSystemCall},
    Name{12, "Instruction page fault", kinds::kJump, {}, true},
    Name{13, "Load page fault", kinds::kLoad, {}, true},
    Name{15, "Store/AMO page fault", kinds::kStore, {}, true},
    // ESP-IDF's panic handler: the number of the interrupt that called it (soc.h, ETS_*_INUM), and
    // for the watchdog of CPU 1 bit 12 besides (panic_reason.h).
    Name{24, "Interrupt watchdog timeout", kinds::kInterruptWatchdog,
         "interrupts were held off for too long"},
    Name{24 | 1U << 12U, "Interrupt watchdog timeout on CPU 1", kinds::kInterruptWatchdog,
         "interrupts were held off for too long"},
    Name{25, "Cache error", kinds::kCacheError,
         "the cache was used while it was off, as by code in flash while flash is written"},
    Name{26, "Memory protection fault", kinds::kMemoryProtection,
         "an access that the memory protection forbids"},
    Name{27, "Stack protection fault", kinds::kStackOverflow,
         "the stack pointer left the task's stack"},
};

const Name* find(Architecture architecture, std::uint32_t cause) {
    const std::span<const Name> names = architecture == Architecture::Xtensa
                                            ? std::span<const Name>{kXtensa}
                                            : std::span<const Name>{kRiscv};
    const auto found = std::ranges::find(names, cause, &Name::cause);
    return found == names.end() ? nullptr : &*found;
}

}  // namespace

std::string exception_name(Architecture architecture, std::uint32_t cause) {
    const Name* const name = find(architecture, cause);
    return std::string{name == nullptr ? "unknown" : name->text};
}

std::string exception_meaning(Architecture architecture, std::uint32_t cause) {
    const Name* const name = find(architecture, cause);
    return std::string{name == nullptr ? "" : name->meaning};
}

std::string_view exception_kind(Architecture architecture, std::uint32_t cause) {
    const Name* const name = find(architecture, cause);
    return name == nullptr ? kinds::kUnknownException : name->kind;
}

bool has_fault_address(Architecture architecture, std::uint32_t cause) {
    const Name* const name = find(architecture, cause);
    return name != nullptr && name->address;
}

}  // namespace coredepot::decoder
