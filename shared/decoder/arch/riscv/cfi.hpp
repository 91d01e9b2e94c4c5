#pragma once

#include <cstdint>
#include <optional>

#include "decoder/arch/unwind.hpp"
#include "decoder/dwarf/frame_table.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// What of `registers` a call leaves as it was (RISC-V psABI): zero, gp and tp, s0 to s11, fs0 to
/// fs11. (ra and sp are the frame's.)
FrameRegisters preserved_by_call(const FrameRegisters& registers);

/// What call frame information says of the caller of a frame.
struct CallerFrame {
    FrameRegisters registers;  ///< as the caller had them, `sp` and callee-saved ones included
    std::optional<std::uint32_t> return_address;  ///< empty: could not be read
    bool outermost = false;                       ///< the frame says that nothing called it
};

/// The call frame information (DWARF CFI) of an application: for each address, where its function
/// keeps the registers of its caller. Used for RISC-V only: Xtensa's says no more than the
/// windowed ABI does.
class CallFrameInfo {
  public:
    /// `elf` must outlive this object.
    explicit CallFrameInfo(const ApplicationElf& elf);

    /// The caller of the frame that runs at `lookup` with `registers`. Empty: there is no usable
    /// information on that address.
    std::optional<CallerFrame> caller(std::uint32_t lookup, const FrameRegisters& registers,
                                      const Memory& memory) const;

  private:
    FrameTable debug_frame_;
    FrameTable eh_frame_;  // for code that is compiled with exceptions or unwind tables
};

}  // namespace coredepot::decoder
