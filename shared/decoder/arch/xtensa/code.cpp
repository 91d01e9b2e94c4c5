#include "decoder/arch/xtensa/code.hpp"

namespace coredepot::decoder {

/// In CALL0, CALL4, CALL8 and CALL12, op0 is 5. In CALLX0 to CALLX12, op0, op1, op2 and r are 0,
/// and m is 3. See the Xtensa ISA reference, formats "CALL" and "RRR". The bytes are those of a
/// little-endian CPU.
bool follows_xtensa_call(std::uint32_t address, const ApplicationElf& elf) {
    const auto code = elf.code(address - kXtensaCallBytes);
    if (code.size() < kXtensaCallBytes) {
        return false;
    }
    constexpr std::byte kOp0{0x0F};
    constexpr std::byte kCall{5};
    constexpr std::byte kModeAndOp0{0xCF};
    constexpr std::byte kCallX{0xC0};
    return (code[0] & kOp0) == kCall ||
           ((code[0] & kModeAndOp0) == kCallX && (code[1] & ~kOp0) == std::byte{0} &&
            code[2] == std::byte{0});
}

}  // namespace coredepot::decoder
