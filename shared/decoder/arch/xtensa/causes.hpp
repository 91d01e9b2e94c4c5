#pragma once

#include <array>

#include "decoder/arch/exception_cause.hpp"
#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {

/// The table "Exception Causes" of the Xtensa ISA reference, with the names of the reference tool.
/// Causes from 64 on are the reasons that ESP-IDF's panic handler adds (XCHAL_EXCCAUSE_NUM +
/// panic_reason).
constexpr std::array kXtensaCauses = {
    ExceptionCause{
        0, "IllegalInstructionCause", kinds::kInstruction,
        "the CPU does not know the instruction: a jump to what is no code, or damaged code"},
    ExceptionCause{1, "SyscallCause", kinds::kSystemCall},
    ExceptionCause{2, "InstructionFetchErrorCause", kinds::kJump,
                   "the instruction could not be fetched: a jump to what is no code", true},
    ExceptionCause{
        3, "LoadStoreErrorCause", kinds::kAccess,
        "an access that the memory there does not allow, such as bytes of instruction RAM", true},
    ExceptionCause{4, "Level1InterruptCause", kinds::kUnknownException},
    ExceptionCause{5, "AllocaCause", kinds::kUnknownException},
    ExceptionCause{6, "IntegerDivideByZeroCause", kinds::kDivision, "a division by zero"},
    ExceptionCause{8, "PrivilegedCause", kinds::kPrivilege},
    ExceptionCause{9, "LoadStoreAlignmentCause", kinds::kUnaligned,
                   "an access to an address that is not a multiple of its size", true},
    ExceptionCause{12, "InstrPIFDataErrorCause", kinds::kJump, {}, true},
    ExceptionCause{13, "LoadStorePIFDataErrorCause", kinds::kAccess, {}, true},
    ExceptionCause{14, "InstrPIFAddrErrorCause", kinds::kJump, "a jump to where no memory is",
                   true},
    ExceptionCause{15, "LoadStorePIFAddrErrorCause", kinds::kAccess,
                   "an access to where no memory is", true},
    ExceptionCause{16, "InstTLBMissCause", kinds::kJump, {}, true},
    ExceptionCause{17, "InstTLBMultiHitCause", kinds::kJump, {}, true},
    ExceptionCause{18, "InstFetchPrivilegeCause", kinds::kJump, {}, true},
    ExceptionCause{20, "InstFetchProhibitedCause", kinds::kJump,
                   "a jump to what is no code, as through a bad function pointer", true},
    ExceptionCause{24, "LoadStoreTLBMissCause", kinds::kAccess, {}, true},
    ExceptionCause{25, "LoadStoreTLBMultiHitCause", kinds::kAccess, {}, true},
    ExceptionCause{26, "LoadStorePrivilegeCause", kinds::kAccess, {}, true},
    ExceptionCause{28, "LoadProhibitedCause", kinds::kLoad,
                   "a load from an address that cannot be read", true},
    ExceptionCause{29, "StoreProhibitedCause", kinds::kStore,
                   "a store to an address that cannot be written", true},
    ExceptionCause{32, "Coprocessor0Disabled", kinds::kCoprocessor},
    ExceptionCause{33, "Coprocessor1Disabled", kinds::kCoprocessor},
    ExceptionCause{34, "Coprocessor2Disabled", kinds::kCoprocessor},
    ExceptionCause{35, "Coprocessor3Disabled", kinds::kCoprocessor},
    ExceptionCause{36, "Coprocessor4Disabled", kinds::kCoprocessor},
    ExceptionCause{37, "Coprocessor5Disabled", kinds::kCoprocessor},
    ExceptionCause{38, "Coprocessor6Disabled", kinds::kCoprocessor},
    ExceptionCause{39, "Coprocessor7Disabled", kinds::kCoprocessor},
    ExceptionCause{64, "unknown exception", kinds::kUnknownException},
    ExceptionCause{65, "unhandled debug exception", kinds::kBreakpoint, kDebugMeaning},
    ExceptionCause{66, "double exception", kinds::kDoubleException},
    ExceptionCause{67, "unhandled kernel exception", kinds::kUnknownException},
    ExceptionCause{68, "coprocessor exception", kinds::kCoprocessor},
    ExceptionCause{69, "interrupt watchdog timeout on CPU 0", kinds::kInterruptWatchdog,
                   "interrupts were held off for too long"},
    ExceptionCause{70, "interrupt watchdog timeout on CPU 1", kinds::kInterruptWatchdog,
                   "interrupts were held off for too long"},
    ExceptionCause{
        71, "cache error", kinds::kCacheError,
        "the cache was used while it was off, as by code in flash while flash is written"},
    ExceptionCause{72, "memory protection fault", kinds::kMemoryProtection,
                   "an access that the memory protection forbids"},
    // COREDUMP_INVALID_CAUSE_VALUE
    ExceptionCause{0xFFFF, "InvalidCauseRegister", kinds::kUnknown,
                   "the task that crashed is not known, or its stack made no sense"},
};

}  // namespace coredepot::decoder
