#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace coredepot::decoder {

/// When a task's stack makes no sense, ESP-IDF gives it one at an address without memory: the first
/// at `COREDUMP_FAKE_STACK_START` (core_dump_port.c), the others behind it, of one register frame
/// each (at most 160 bytes). ESP-IDF's own limit, 0x30000000, would not do here, because the S31
/// has its RAM below that. `starts`: where a CPU's made-up stacks may begin (Cpu::made_up_stacks).
constexpr bool is_made_up_stack(std::span<const std::uint32_t> starts, std::uint32_t address) {
    constexpr std::uint32_t kSize = 1U << 20U;  // enough for any number of tasks
    return std::ranges::any_of(starts, [address](std::uint32_t start) {
        return address >= start && address - start < kSize;
    });
}

/// Whether `pc` comes from a made-up stack. On Xtensa the device mistakes the frame that it made up
/// for another kind, and only the pc remains of it.
constexpr bool is_made_up_pc(std::span<const std::uint32_t> starts, std::uint32_t pc) {
    return std::ranges::find(starts, pc) != starts.end();
}

}  // namespace coredepot::decoder
