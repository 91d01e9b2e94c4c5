#pragma once

#include <optional>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/variables/operand.hpp"

namespace coredepot::decoder {

/// The stack of a DWARF expression. A hostile expression may push too much or pop more than there
/// is.
class OperandStack {
  public:
    bool empty() const { return operands_.empty(); }

    /// False when it is full.
    bool push(const Operand& operand);
    /// Empty when the stack is.
    std::optional<Operand> pop();

    /// Executes a stack operation, DW_OP_dup to DW_OP_rot. False when the stack has too few numbers
    /// or no room.
    bool shuffle(const Dwarf_Op& op);

  private:
    std::vector<Operand> operands_;  // the top is the last one
};

}  // namespace coredepot::decoder
