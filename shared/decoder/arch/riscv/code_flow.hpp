#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/register_values.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// Addresses of code: the first, and the one after the last.
struct CodeRange {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
};

/// Follows the registers through the machine code of a function along all ways that its jumps
/// allow, and so tells what they hold at any instruction. This is how the frames of functions are
/// found that come without call frame information.
///
/// Where a jump goes by a table, each part of the function that no other jump leads to is taken for
/// a target of it. Code that no jump leads to at all is taken for another function, whose symbol
/// was stripped. Nothing falls through a call that does not return; which calls these are shows
/// where what follows is reached on another way with a different stack pointer.
class CodeFlow {
  public:
    /// A function that begins where the first of `parts` does. The others are where the compiler
    /// put code that seldom runs. `code` must outlive this object.
    CodeFlow(const std::vector<CodeRange>& parts, const Memory& code);

    /// What the registers hold before the instruction that `address` is in. Empty: the code does
    /// not tell.
    std::optional<RegisterValues> before(std::uint32_t address);

  private:
    struct Step {
        std::uint32_t address = 0;
        Instruction instruction;
    };
    struct Block {
        std::size_t first = 0, end = 0;  ///< of steps_
        std::optional<RegisterValues> before{};
        bool weak = false;  ///< reached only by what may be a call that does not return
        bool queued = false;
    };

    void decode(CodeRange part);
    void divide();
    std::optional<std::size_t> block_at(std::uint32_t address) const;
    std::optional<std::size_t> block_over(std::uint32_t address) const;
    bool solve();
    void run(std::size_t block);
    void leave(const Step& last, const RegisterValues& values);
    void jump_by_table(const RegisterValues& values);
    void run_step(const Step& step, RegisterValues& values) const;
    bool run_millicode(const Step& call, RegisterValues& values) const;
    void arrive(std::uint32_t address, const RegisterValues& values, bool weak);
    void seed(std::size_t block);

    const Memory& code_;
    std::vector<Step> steps_;    // by address
    std::vector<Block> blocks_;  // by address
    std::vector<std::size_t> queue_;
    std::optional<RegisterValues> at_jump_by_table_;
    std::size_t steps_left_ = 0;
};

}  // namespace coredepot::decoder
