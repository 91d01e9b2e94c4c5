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

/// FreeRTOS firmware has a dozen tasks. The largest dump that the server accepts (1 MiB) has room
/// for a few thousand of the smallest. More means that the counts are made up.
constexpr std::size_t kMaxTasks = 1024;
/// Two segments per task and the user's own memory regions. If all RAM is dumped
/// (CONFIG_ESP_COREDUMP_CAPTURE_DRAM), there is also one for each block on the heap.
constexpr std::size_t kMaxSegments = 32'768;

/// A frame: its return address (for the innermost one the program counter) and stack pointer.
struct FrameImage {
    std::uint32_t pc = 0;
    std::uint32_t sp = 0;
};

/// What a task was doing when an interrupt came, as far as a panic's text tells.
struct InterruptedImage {
    CpuState cpu;
    std::string backtrace_end{};  ///< as in TaskImage
};

/// A task in the dump, before the application ELF tells what its bytes mean.
struct TaskImage {
    std::uint32_t tcb = 0;  ///< address of its task control block
    bool crashed = false;
    CpuState cpu;
    std::string name{};  ///< if the panic's text has it; otherwise the TCB does
    /// The lowest address of its stack and the one after its highest, if the panic's text has them.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds{};
    /// The frames that the device itself found, if the panic's text has them.
    std::vector<FrameImage> listed{};
    /// Addresses of calls or of what they return to, innermost first, if the panic's text has
    /// nothing better. They start with the innermost frame if one of them is `cpu.pc`.
    std::vector<std::uint32_t> calls{};
    bool calls_have_heading = false;  ///< they are listed after `Backtrace:`
    std::string backtrace_end{};      ///< why the device found no more; empty: it did not say
    /// For a crash in an interrupt, if the panic's text tells. Otherwise the task's stack in the
    /// dump does.
    std::optional<InterruptedImage> interrupted{};
};

/// The value of a register of the exception hardware, which is known by its number
/// (NotedRegisters).
struct SpecialRegister {
    std::uint32_t number = 0;
    std::uint32_t value = 0;
};

/// The payload of a core dump, independent of its container: the decoder's input. `memory` refers
/// to `own_bytes` or, if that is null, to the bytes of the dump, which must outlive the image. A
/// panic's text makes such an image, too (panic_text/).
struct CoreImage {
    Source source = Source::CoreDump;
    Architecture architecture = Architecture::Xtensa;
    const Chip* chip = nullptr;  ///< null: the dump does not tell
    /// major * 100 + minor; empty: the dump does not tell.
    std::optional<std::uint32_t> chip_revision{};
    std::string elf_sha256_prefix;  ///< lower-case hex; empty: the dump does not tell
    std::string panic_reason;
    std::optional<bool> in_interrupt;
    std::vector<SpecialRegister> special_registers;  ///< in the dump's order
    std::optional<CheckedError> checked_error{};     ///< as in the report
    std::optional<FaultImage> fault{};  ///< empty: still to be looked for, see exception.hpp
    std::vector<TaskImage> tasks;       ///< the crashed one first
    Memory memory;
    /// The bytes that `memory` refers to if they are not in the dump as it came. Copies share them.
    std::shared_ptr<const std::vector<std::byte>> own_bytes{};
    /// The crashed task's stack from its stack pointer on, if only the ELF tells where that is:
    /// place_stack(). Refers to `own_bytes`.
    std::span<const std::byte> unplaced_stack{};
    std::vector<std::string> remarks{};  ///< sentences for readers of the report
};

/// Reads the payload of `container`. Throws Undecodable.
CoreImage read_core_image(const Container& container);

}  // namespace coredepot::decoder
