#include "decoder/arch/riscv/registers.hpp"

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/byte_writer.hpp"

namespace coredepot::decoder {

/// RvExcFrame and the note have the same 32 words: pc, then x1 to x31.
CpuState read_riscv_registers(std::span<const std::byte> bytes) {
    ByteReader reader{bytes, "the registers of a task"};
    CpuState state;
    state.pc = reader.u32();
    state.general[0] = 0;
    for (std::size_t i = 1; i < kGeneralRegisters; ++i) {
        state.general[i] = reader.u32();
    }
    return state;
}

std::string write_riscv_note(const CpuState& state) {
    std::string bytes;
    add_u32(bytes, state.pc);
    for (std::size_t i = 1; i < kGeneralRegisters; ++i) {
        add_u32(bytes, state.general[i].value_or(0));
    }
    return bytes;
}

}  // namespace coredepot::decoder
