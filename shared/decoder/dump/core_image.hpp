#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/dump/container.hpp"
#include "decoder/report/report.hpp"
#include "decoder/target/chip.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// FreeRTOS firmware has a dozen tasks; the largest dump that the server takes (1 MiB) holds some
/// thousand smallest ones. More means that the counts are made up.
constexpr std::size_t kMaxTasks = 1024;
/// Two segments a task, the user's own memory regions, and where all RAM is dumped
/// (CONFIG_ESP_COREDUMP_CAPTURE_DRAM) one for each block on the heap.
constexpr std::size_t kMaxSegments = 32'768;

/// A frame by its return address (the innermost: its program counter) and stack pointer.
struct FrameImage {
    std::uint32_t pc = 0;
    std::uint32_t sp = 0;
};

/// What a task did when an interrupt came, as far as the text of a panic tells.
struct InterruptedImage {
    CpuState cpu;
    std::string backtrace_end{};  ///< as TaskImage has it
};

/// A task as the dump has it, before the application ELF tells what its bytes mean.
struct TaskImage {
    std::uint32_t tcb = 0;  ///< address of its task control block
    bool crashed = false;
    CpuState cpu;
    std::string name{};  ///< where the text of a panic tells it; else its TCB does
    /// Lowest address of its stack and the one after its highest, likewise.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds{};
    /// The frames that the device itself found, where the text of a panic has them.
    std::vector<FrameImage> listed{};
    /// Where calls are, or what they return to, innermost first, where the text of a panic has no
    /// more than that. They begin with the innermost frame if `cpu.pc` is one of them.
    std::vector<std::uint32_t> calls{};
    bool calls_have_heading = false;  ///< they are listed behind `Backtrace:`
    std::string backtrace_end{};      ///< why the device found no more; empty: it did not say
    /// Of a crash in an interrupt, likewise. Else the task's stack in the dump tells it.
    std::optional<InterruptedImage> interrupted{};
};

/// A number that a register of the exception hardware held, by its number (NotedRegisters).
struct SpecialRegister {
    std::uint32_t number = 0;
    std::uint32_t value = 0;
};

/// The payload of a core dump, independent of its container: what the decoder works on. `memory`
/// refers to `own_bytes`, or where that is null to the bytes of the dump, which must outlive the
/// image. The text of a panic makes one, too (panic_text/).
struct CoreImage {
    Source source = Source::CoreDump;
    Architecture architecture = Architecture::Xtensa;
    const Chip* chip = nullptr;                    ///< null: the dump does not tell
    std::optional<std::uint32_t> chip_revision{};  ///< major * 100 + minor; empty: not told
    std::string elf_sha256_prefix;  ///< lower-case hex; empty: the dump does not tell
    std::string panic_reason;
    std::optional<bool> in_interrupt;
    std::vector<SpecialRegister> special_registers;  ///< in the dump's order
    std::optional<CheckedError> checked_error{};     ///< as in the report
    std::optional<FaultImage> fault{};               ///< empty: to be looked for, see exception.hpp
    std::vector<TaskImage> tasks;                    ///< the crashed one first
    Memory memory;
    /// What `memory` refers to, where that is not in the dump as it came. Copies share it.
    std::shared_ptr<const std::vector<std::byte>> own_bytes{};
    /// Of the crashed task's stack from its stack pointer on, where only the ELF tells what that
    /// is: place_stack(). Refers to `own_bytes`.
    std::span<const std::byte> unplaced_stack{};
    std::vector<std::string> remarks{};  ///< sentences for whoever reads the report
};

/// Reads the payload of `container`. Throws Undecodable.
CoreImage read_core_image(const Container& container);

}  // namespace coredepot::decoder
