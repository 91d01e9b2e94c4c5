#include "decoder/exception_names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace coredepot::decoder {
namespace {

struct Name {
    std::uint32_t cause;
    std::string_view text;
};

/// Xtensa ISA reference, table "Exception Causes", with the names of the reference tool. From 64
/// on, ESP-IDF's panic handler puts its own reasons there (XCHAL_EXCCAUSE_NUM + panic_reason).
constexpr std::array kXtensa = {
    Name{0, "IllegalInstructionCause"},
    Name{1, "SyscallCause"},
    Name{2, "InstructionFetchErrorCause"},
    Name{3, "LoadStoreErrorCause"},
    Name{4, "Level1InterruptCause"},
    Name{5, "AllocaCause"},
    Name{6, "IntegerDivideByZeroCause"},
    Name{8, "PrivilegedCause"},
    Name{9, "LoadStoreAlignmentCause"},
    Name{12, "InstrPIFDataErrorCause"},
    Name{13, "LoadStorePIFDataErrorCause"},
    Name{14, "InstrPIFAddrErrorCause"},
    Name{15, "LoadStorePIFAddrErrorCause"},
    Name{16, "InstTLBMissCause"},
    Name{17, "InstTLBMultiHitCause"},
    Name{18, "InstFetchPrivilegeCause"},
    Name{20, "InstFetchProhibitedCause"},
    Name{24, "LoadStoreTLBMissCause"},
    Name{25, "LoadStoreTLBMultiHitCause"},
    Name{26, "LoadStorePrivilegeCause"},
    Name{28, "LoadProhibitedCause"},
    Name{29, "StoreProhibitedCause"},
    Name{32, "Coprocessor0DisabledCause"},
    Name{33, "Coprocessor1DisabledCause"},
    Name{34, "Coprocessor2DisabledCause"},
    Name{35, "Coprocessor3DisabledCause"},
    Name{36, "Coprocessor4DisabledCause"},
    Name{37, "Coprocessor5DisabledCause"},
    Name{38, "Coprocessor6DisabledCause"},
    Name{39, "Coprocessor7DisabledCause"},
    Name{65, "unhandled debug exception"},
    Name{66, "double exception"},
    Name{67, "unhandled kernel exception"},
    Name{68, "coprocessor exception"},
    Name{69, "interrupt watchdog timeout on CPU 0"},
    Name{70, "interrupt watchdog timeout on CPU 1"},
    Name{71, "cache error"},
};

/// The RISC-V Instruction Set Manual, volume II, table "Machine cause register values".
constexpr std::array kRiscv = {
    Name{0, "Instruction address misaligned"},
    Name{1, "Instruction access fault"},
    Name{2, "Illegal instruction"},
    Name{3, "Breakpoint"},
    Name{4, "Load address misaligned"},
    Name{5, "Load access fault"},
    Name{6, "Store/AMO address misaligned"},
    Name{7, "Store/AMO access fault"},
    Name{8, "Environment call from U-mode"},
    Name{9, "Environment call from S-mode"},
    Name{11, "Environment call from M-mode"},
    Name{12, "Instruction page fault"},
    Name{13, "Load page fault"},
    Name{15, "Store/AMO page fault"},
};

}  // namespace

std::string exception_name(Architecture architecture, std::uint32_t cause) {
    const std::span<const Name> names = architecture == Architecture::Xtensa
                                            ? std::span<const Name>{kXtensa}
                                            : std::span<const Name>{kRiscv};
    const auto found = std::ranges::find(names, cause, &Name::cause);
    return found == names.end() ? "unknown" : std::string{found->text};
}

}  // namespace coredepot::decoder
