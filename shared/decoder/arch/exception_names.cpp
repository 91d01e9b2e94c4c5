#include "decoder/arch/exception_names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace coredepot::decoder {
namespace {

struct Name {
    std::uint32_t cause;
    std::string_view text;
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
    Name{0, "IllegalInstructionCause",
         "the CPU does not know the instruction: a jump to what is no code, or damaged code"},
    Name{1, "SyscallCause"},
    Name{2, "InstructionFetchErrorCause",
         "the instruction could not be fetched: a jump to what is no code", true},
    Name{3, "LoadStoreErrorCause",
         "an access that the memory there does not allow, such as bytes of instruction RAM", true},
    Name{4, "Level1InterruptCause"},
    Name{5, "AllocaCause"},
    Name{6, "IntegerDivideByZeroCause", "a division by zero"},
    Name{8, "PrivilegedCause"},
    Name{9, "LoadStoreAlignmentCause", "an access to an address that is not a multiple of its size",
         true},
    Name{12, "InstrPIFDataErrorCause"},
    Name{13, "LoadStorePIFDataErrorCause"},
    Name{14, "InstrPIFAddrErrorCause", "a jump to where no memory is", true},
    Name{15, "LoadStorePIFAddrErrorCause", "an access to where no memory is", true},
    Name{16, "InstTLBMissCause"},
    Name{17, "InstTLBMultiHitCause"},
    Name{18, "InstFetchPrivilegeCause"},
    Name{20, "InstFetchProhibitedCause",
         "a jump to what is no code, as through a bad function pointer", true},
    Name{24, "LoadStoreTLBMissCause"},
    Name{25, "LoadStoreTLBMultiHitCause"},
    Name{26, "LoadStorePrivilegeCause"},
    Name{28, "LoadProhibitedCause", "a load from an address that cannot be read", true},
    Name{29, "StoreProhibitedCause", "a store to an address that cannot be written", true},
    Name{32, "Coprocessor0Disabled"},
    Name{33, "Coprocessor1Disabled"},
    Name{34, "Coprocessor2Disabled"},
    Name{35, "Coprocessor3Disabled"},
    Name{36, "Coprocessor4Disabled"},
    Name{37, "Coprocessor5Disabled"},
    Name{38, "Coprocessor6Disabled"},
    Name{39, "Coprocessor7Disabled"},
    Name{64, "unknown exception"},
    Name{65, "unhandled debug exception", kDebugMeaning},
    Name{66, "double exception"},
    Name{67, "unhandled kernel exception"},
    Name{68, "coprocessor exception"},
    Name{69, "interrupt watchdog timeout on CPU 0", "interrupts were held off for too long"},
    Name{70, "interrupt watchdog timeout on CPU 1", "interrupts were held off for too long"},
    Name{71, "cache error",
         "the cache was used while it was off, as by code in flash while flash is written"},
    Name{72, "memory protection fault", "an access that the memory protection forbids"},
    // COREDUMP_INVALID_CAUSE_VALUE
    Name{0xFFFF, "InvalidCauseRegister",
         "the task that crashed is not known, or its stack made no sense"},
};

/// The RISC-V Instruction Set Manual, volume II, table "Machine cause register values".
constexpr std::array kRiscv = {
    Name{0, "Instruction address misaligned", "a jump to an odd address", true},
    Name{1, "Instruction access fault",
         "a jump to what is no code, as through a bad function pointer", true},
    Name{2, "Illegal instruction",
         "the CPU does not know the instruction in mtval: a jump to what is no code, damaged code, "
         "or a trap of the compiler"},
    Name{3, "Breakpoint", kDebugMeaning},
    Name{4, "Load address misaligned", "a load from an address that is not a multiple of its size",
         true},
    Name{5, "Load access fault", "a load from an address that cannot be read", true},
    Name{6, "Store/AMO address misaligned",
         "a store to an address that is not a multiple of its size", true},
    Name{7, "Store/AMO access fault", "a store to an address that cannot be written", true},
    Name{8, "Environment call from U-mode"},
    Name{9, "Environment call from S-mode"},
    Name{11, "Environment call from M-mode"},
    Name{12, "Instruction page fault"},
    Name{13, "Load page fault"},
    Name{15, "Store/AMO page fault"},
    // ESP-IDF's panic handler: the number of the interrupt that called it (soc.h, ETS_*_INUM), and
    // for the watchdog of CPU 1 bit 12 besides (panic_reason.h).
    Name{24, "Interrupt watchdog timeout", "interrupts were held off for too long"},
    Name{24 | 1U << 12U, "Interrupt watchdog timeout on CPU 1",
         "interrupts were held off for too long"},
    Name{25, "Cache error",
         "the cache was used while it was off, as by code in flash while flash is written"},
    Name{26, "Memory protection fault", "an access that the memory protection forbids"},
    Name{27, "Stack protection fault", "the stack pointer left the task's stack"},
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

bool has_fault_address(Architecture architecture, std::uint32_t cause) {
    const Name* const name = find(architecture, cause);
    return name != nullptr && name->address;
}

}  // namespace coredepot::decoder
