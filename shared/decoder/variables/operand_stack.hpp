#pragma once

#include <optional>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/variables/operand.hpp"

namespace coredepot::decoder {

/// The stack of a DWARF expression. A hostile one may want it to be deep, or to give more than was
/// put on it.
class OperandStack {
  public:
    bool empty() const { return operands_.empty(); }

    /// False: it is full.
    bool push(const Operand& operand);
    /// Empty: so is the stack.
    std::optional<Operand> pop();

    /// Carries out a stack operation, DW_OP_dup to DW_OP_rot; false: there is not enough on the
    /// stack for it, or no room.
    bool shuffle(const Dwarf_Op& op);

  private:
    std::vector<Operand> operands_;  // the topmost is the last one
};

}  // namespace coredepot::decoder
