#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/register_values.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// A range of code addresses: the first one, and the one after the last.
struct CodeRange {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
};

/// Follows the registers through a function's machine code along all paths that its jumps allow. So
/// it knows what they hold at any instruction. This finds the frames of functions without call
/// frame information.
///
/// If a jump uses a table, every part of the function that no other jump reaches counts as one of
/// its targets. Code that no jump reaches at all counts as another function whose symbol was
/// stripped. After a call that does not return, execution does not continue. Such calls are
/// recognised when another path reaches the code after them with a different stack pointer.
class CodeFlow {
  public:
    /// A function that starts at the first of `parts`. The compiler put code that rarely runs into
    /// the others. `code` must outlive this object.
    CodeFlow(const std::vector<CodeRange>& parts, const Memory& code);

    /// What the registers hold before the instruction that contains `address`. Empty when the code
    /// does not tell.
    std::optional<RegisterValues> before(std::uint32_t address);

  private:
    struct Step {
        std::uint32_t address = 0;
        Instruction instruction;
    };
    struct Block {
        std::size_t first = 0, end = 0;  ///< of steps_
        std::optional<RegisterValues> before{};
        bool weak = false;  ///< reached only after what may be a call that does not return
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
