#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decoder/variables/expression.hpp"
#include "decoder/variables/operand_stack.hpp"

namespace coredepot::decoder {

/// The stack machine for DWARF expressions. It runs one of them.
class ExpressionMachine {
  public:
    ExpressionMachine(ExpressionEvaluator& evaluator, Dwarf_Attribute& attribute,
                      const FrameContext& context)
        : evaluator_{evaluator}, attribute_{attribute}, context_{context} {}

    /// The result is never empty.
    std::vector<Place> run(std::span<const Dwarf_Op> program);

  private:
    bool step(std::span<const Dwarf_Op> program, std::size_t& next);
    bool place(const Dwarf_Op& op);
    bool literal(const Dwarf_Op& op);
    bool memory(const Dwarf_Op& op);
    bool typed_constant(const Dwarf_Op& op);
    bool indexed(const Dwarf_Op& op);
    bool entry_value(const Dwarf_Op& op);
    bool removed_parameter(const Dwarf_Op& op);
    bool shuffle(const Dwarf_Op& op);
    bool calculate(const Dwarf_Op& op);
    bool compare(const Dwarf_Op& op);
    bool convert(const Dwarf_Op& op);
    bool jump(std::span<const Dwarf_Op> program, const Dwarf_Op& op, std::size_t& next);

    bool push(const Operand& operand);
    bool push(std::uint64_t value);
    bool push(const std::optional<std::uint32_t>& value);
    bool push_register(std::uint64_t number, std::int64_t offset);
    bool fail(Gap gap);
    bool pop(Operand& operand);
    void finish_piece(std::optional<std::size_t> bits, std::size_t first_bit = 0);

    ExpressionEvaluator& evaluator_;
    Dwarf_Attribute& attribute_;
    const FrameContext& context_;
    OperandStack stack_;
    std::optional<Place> place_;  // set by operations that end a description
    std::vector<Place> pieces_;
    Gap gap_ = Gap::None;
};

}  // namespace coredepot::decoder
