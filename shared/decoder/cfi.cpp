#include "decoder/cfi.hpp"

#include "decoder/cfi_expression.hpp"
#include "decoder/cpu_state.hpp"

namespace coredepot::decoder {
namespace {

enum class Saved { Known, Undefined, Unreadable };

struct SavedRegister {
    Saved state = Saved::Unreadable;
    std::uint32_t value = 0;
};

/// What `frame` says of the caller's register `number`.
SavedRegister caller_register(Dwarf_Frame* frame, std::size_t number,
                              const RiscvRegisters& registers, const Memory& memory,
                              std::uint32_t cfa) {
    std::array<Dwarf_Op, 3> storage{};
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_register(frame, static_cast<int>(number), storage.data(), &operations,
                             &count) != 0) {
        return {};
    }
    // libdw's convention: no operations at `storage` is "undefined", none at null "same value".
    if (count == 0 && operations == storage.data()) {
        return {Saved::Undefined, 0};
    }
    std::optional<std::uint32_t> value;
    if (count == 0) {
        value = registers[number];
    } else if (const auto place = evaluate({operations, count}, registers, memory, cfa)) {
        value = place->is_address ? memory.u32(place->value) : place->value;
    }
    return value ? SavedRegister{Saved::Known, *value} : SavedRegister{};
}

/// RISC-V psABI: s0, s1, s2 to s11 belong to the caller, besides ra and sp.
bool is_callee_saved(std::size_t number) {
    return number == 8 || number == 9 || (number >= 18 && number <= 27);
}

/// gp and tp stay as they are throughout the program.
bool is_fixed(std::size_t number) {
    return number == 0 || number == 3 || number == 4;
}

}  // namespace

CallFrameInfo::CallFrameInfo(Dwarf* dwarf, const ApplicationElf& elf)
    : debug_frame_{dwarf == nullptr ? nullptr : dwarf_getcfi(dwarf)},
      eh_frame_{dwarf_getcfi_elf(elf.handle())} {}

FrameHandle CallFrameInfo::find(std::uint32_t address) const {
    for (Dwarf_CFI* const table : {debug_frame_, eh_frame_.get()}) {
        Dwarf_Frame* frame = nullptr;
        if (table != nullptr && dwarf_cfi_addrframe(table, address, &frame) == 0) {
            return FrameHandle{frame};
        }
    }
    return nullptr;
}

std::optional<CallerFrame> CallFrameInfo::caller(std::uint32_t lookup,
                                                 const RiscvRegisters& registers,
                                                 const Memory& memory) const {
    const FrameHandle frame = find(lookup);
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (!frame || dwarf_frame_cfa(frame.get(), &operations, &count) != 0 || count == 0) {
        return std::nullopt;
    }
    const auto cfa = evaluate({operations, count}, registers, memory, std::nullopt);
    if (!cfa) {
        return std::nullopt;
    }
    CallerFrame caller;
    const int column = dwarf_frame_info(frame.get(), nullptr, nullptr, nullptr);
    if (column < 0 || static_cast<std::size_t>(column) >= registers.size()) {
        return std::nullopt;
    }
    const auto read = [&](std::size_t number) {
        return caller_register(frame.get(), number, registers, memory, cfa->value);
    };
    const SavedRegister saved = read(static_cast<std::size_t>(column));
    caller.outermost = saved.state == Saved::Undefined;
    if (saved.state == Saved::Known) {
        caller.return_address = saved.value;
    }
    for (std::size_t number = 0; number < registers.size(); ++number) {
        if (is_fixed(number)) {
            caller.registers[number] = registers[number];
        } else if (is_callee_saved(number)) {
            if (const SavedRegister value = read(number); value.state == Saved::Known) {
                caller.registers[number] = value.value;
            }
        }
    }
    caller.registers[kRiscvStack] = cfa->value;
    return caller;
}

}  // namespace coredepot::decoder
