#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace coredepot::decoder {

/// ESP-IDF gives a task whose stack makes no sense one where no memory is: the first at
/// `COREDUMP_FAKE_STACK_START` (core_dump_port.c), the next behind it, of one register frame each
/// (160 bytes at most). Its limit, 0x30000000, is not the one here: the S31 has its RAM below that.
/// `starts`: where a CPU's made-up stacks may begin (Cpu::made_up_stacks).
constexpr bool is_made_up_stack(std::span<const std::uint32_t> starts, std::uint32_t address) {
    constexpr std::uint32_t kSize = 1U << 20U;  // for any number of tasks
    return std::ranges::any_of(starts, [address](std::uint32_t start) {
        return address >= start && address - start < kSize;
    });
}

/// Whether `pc` is that of a made-up stack. On Xtensa the device itself takes the frame that it
/// made up for another kind of frame, and only this is left of it.
constexpr bool is_made_up_pc(std::span<const std::uint32_t> starts, std::uint32_t pc) {
    return std::ranges::find(starts, pc) != starts.end();
}

}  // namespace coredepot::decoder
