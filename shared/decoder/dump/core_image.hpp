#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/dump/container.hpp"
#include "decoder/target/chip.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// FreeRTOS firmware has a dozen tasks; the largest dump that the server takes (1 MiB) holds some
/// thousand smallest ones. More means that the counts are made up.
constexpr std::size_t kMaxTasks = 1024;
/// Two segments a task, the user's own memory regions, and where all RAM is dumped
/// (CONFIG_ESP_COREDUMP_CAPTURE_DRAM) one for each block on the heap.
constexpr std::size_t kMaxSegments = 32'768;

/// A task as the dump has it, before the application ELF tells what its bytes mean.
struct TaskImage {
    std::uint32_t tcb = 0;  ///< address of its task control block
    bool crashed = false;
    CpuState cpu;
};

/// A number that a register of the exception hardware held, by its Xtensa special register number.
struct SpecialRegister {
    std::uint32_t number = 0;
    std::uint32_t value = 0;
};

/// The payload of a core dump, independent of its container: what the decoder works on. Memory
/// refers to the bytes of the dump.
struct CoreImage {
    Architecture architecture = Architecture::Xtensa;
    const Chip* chip = nullptr;     ///< null: the dump does not tell
    std::string elf_sha256_prefix;  ///< lower-case hex; empty: the dump does not tell
    std::string panic_reason;
    std::optional<bool> in_interrupt;
    std::vector<SpecialRegister> special_registers;  ///< Xtensa only; in the dump's order
    std::vector<TaskImage> tasks;                    ///< the crashed one first
    Memory memory;
};

/// Reads the payload of `container`, which must outlive the image. Throws Undecodable.
CoreImage read_core_image(const Container& container);

}  // namespace coredepot::decoder
