#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/riscv/cfi.hpp"
#include "decoder/arch/riscv/code_rules.hpp"
#include "decoder/arch/stack_unwinder.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/target/memory.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {

/// Walks RISC-V stacks with call frame information. Follows the code of functions that have none.
/// Where the walk reaches mask ROM, searches the stack.
///
/// **The bridge over mask ROM.** No call frame information exists for the functions in ROM, so
/// nothing says how large their frames are. But the application code that called into ROM left its
/// return address on the stack, and the instructions before that address are a direct call to an
/// absolute symbol. The search goes up the stack to such an address. Its result is accepted only if
/// the walk from there reaches a function where tasks begin, and every return address on the way
/// follows a call. Without these conditions, the search would take any address of code and give
/// frames that never existed. Frames that are found like this, and all frames above them, are
/// marked as guessed.
class RiscvUnwinder : public StackUnwinder {
  public:
    explicit RiscvUnwinder(const StackSources& sources)
        : elf_{sources.elf},
          symbols_{sources.symbols},
          frames_{sources.frames},
          memory_{sources.memory},
          chip_{sources.chip},
          deadline_{sources.deadline},
          code_rules_{sources.elf, sources.symbols} {}

    Walk unwind(const CpuState& cpu, std::size_t max_depth) override;

  private:
    struct State {
        std::uint32_t pc = 0;
        std::uint32_t lookup = 0;
        FrameRegisters registers;
        bool innermost = false;
        bool strict = false;       ///< on trial: every return address must follow a call
        bool guessed = false;      ///< found by a search of the stack, or above such a frame
        bool in_prologue = false;  ///< at its call to millicode
    };
    /// One step outwards: the caller's state, or the reason why the walk ends (empty: the frame is
    /// the outermost one).
    struct Step {
        std::optional<State> caller;
        std::string end;
        std::optional<std::uint32_t> cfa{};  ///< of the frame that the step starts from
    };

    Walk walk(State state, int bridges);
    Step step(const State& state);
    bool is_interrupt_entry(const State& state) const;
    Step to_caller(const State& state, const CallerFrame& caller);
    bool may_begin_task(const State& state);
    std::optional<CallerFrame> at_return(const State& state) const;
    std::optional<CallerFrame> by_code(const State& state);
    std::optional<Walk> trial(State state, int bridges);
    std::optional<Walk> leaf_in_rom(const State& state, int bridges);
    bool in_rom(std::uint32_t address) const { return in_mask_rom(chip_, address); }
    bool may_return_into_rom(std::uint32_t address) const;
    std::optional<Walk> bridge(const State& state, int bridges);

    const ApplicationElf& elf_;
    const SymbolTable& symbols_;
    const FrameTables& frames_;
    const Memory& memory_;
    std::string_view chip_;
    const Deadline& deadline_;
    CodeRules code_rules_;
    int trial_frames_left_ = 0;
    std::size_t max_depth_ = kMaxDepth;
    std::optional<std::uint32_t> task_wrapper_;  // empty: not looked up yet; 0: there is none
};

}  // namespace coredepot::decoder
