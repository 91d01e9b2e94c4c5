#include "decoder/variables/expression_machine.hpp"

#include <algorithm>
#include <utility>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/variables/pointed_constant.hpp"

namespace coredepot::decoder {
namespace {

/// Far more than what is shown of a variable. A piece starts within a register.
constexpr std::size_t kMaxPieceBytes = 1U << 24U;
constexpr std::size_t kMaxFirstBit = 64;

/// Compilers emit about ten operations, or a few dozen for a computed location.
constexpr std::size_t kMaxOperations = 1000;
constexpr std::size_t kMaxPieces = 64;

constexpr bool in(unsigned atom, unsigned first, unsigned last) {
    return atom >= first && atom <= last;
}

}  // namespace

std::vector<Place> ExpressionMachine::run(std::span<const Dwarf_Op> program) {
    std::size_t next = 0;
    for (std::size_t operations = 0; next < program.size(); ++operations) {
        if (operations == kMaxOperations || pieces_.size() == kMaxPieces) {
            fail(Gap::Unsupported);
        }
        if (gap_ != Gap::None || !step(program, next)) {
            break;
        }
    }
    if (gap_ != Gap::None) {
        return {Place{Place::Kind::Nowhere, 0, {}, gap_, {}}};
    }
    if (pieces_.empty()) {
        finish_piece(std::nullopt);
    }
    return pieces_;
}

/// Executes one operation. False when it failed; gap_ says why.
bool ExpressionMachine::step(std::span<const Dwarf_Op> program, std::size_t& next) {
    const Dwarf_Op& op = program[next++];
    const unsigned atom = op.atom;
    if (atom == DW_OP_bra || atom == DW_OP_skip) {
        return jump(program, op, next);
    }
    if (atom == DW_OP_nop || atom == DW_OP_GNU_uninit) {
        return true;
    }
    if (in(atom, DW_OP_reg0, DW_OP_reg31) || atom == DW_OP_regx || atom == DW_OP_stack_value ||
        atom == DW_OP_implicit_value || atom == DW_OP_piece || atom == DW_OP_bit_piece ||
        atom == DW_OP_implicit_pointer || atom == DW_OP_GNU_implicit_pointer) {
        return place(op);
    }
    if (in(atom, DW_OP_const1u, DW_OP_consts) || in(atom, DW_OP_lit0, DW_OP_lit31) ||
        atom == DW_OP_addr) {
        return literal(op);
    }
    if (in(atom, DW_OP_dup, DW_OP_rot)) {
        return shuffle(op);
    }
    if (in(atom, DW_OP_eq, DW_OP_ne)) {
        return compare(op);
    }
    if (in(atom, DW_OP_abs, DW_OP_xor)) {
        return calculate(op);
    }
    if (atom == DW_OP_convert || atom == DW_OP_GNU_convert || atom == DW_OP_reinterpret ||
        atom == DW_OP_GNU_reinterpret) {
        return convert(op);
    }
    return memory(op);
}

/// Operations that end the description of a variable or of a piece of it.
bool ExpressionMachine::place(const Dwarf_Op& op) {
    Place place;
    Operand top;
    Dwarf_Block block;
    switch (op.atom) {
        case DW_OP_piece:
            finish_piece(std::min<std::size_t>(op.number, kMaxPieceBytes) * kBitsPerByte);
            return true;
        case DW_OP_bit_piece:
            if (op.number2 > kMaxFirstBit) {
                return fail(Gap::Unsupported);
            }
            finish_piece(std::min<std::size_t>(op.number, kMaxPieceBytes * kBitsPerByte),
                         std::size_t{op.number2});
            return true;
        case DW_OP_stack_value:
            if (!pop(top)) {
                return false;
            }
            place.kind = Place::Kind::Value;
            place.value = top.value;
            break;
        case DW_OP_implicit_value:
            if (dwarf_getlocation_implicit_value(&attribute_, &op, &block) != 0) {
                return fail(Gap::Unsupported);
            }
            place.kind = Place::Kind::Bytes;
            place.bytes = std::as_bytes(std::span{block.data, block.length});
            break;
        case DW_OP_implicit_pointer:
        case DW_OP_GNU_implicit_pointer:
            place.gap = Gap::Synthetic;
            place.bytes = pointed_constant(attribute_, op);
            break;
        default:
            place.kind = Place::Kind::Register;
            place.value = op.atom == DW_OP_regx ? op.number : op.atom - DW_OP_reg0;
            break;
    }
    place_ = place;
    return true;
}

bool ExpressionMachine::literal(const Dwarf_Op& op) {
    return push(in(op.atom, DW_OP_lit0, DW_OP_lit31) ? op.atom - DW_OP_lit0 : op.number);
}

/// Operations that read registers, memory or other debug information.
bool ExpressionMachine::memory(const Dwarf_Op& op) {
    Operand address;
    if (in(op.atom, DW_OP_breg0, DW_OP_breg31)) {
        return push_register(op.atom - DW_OP_breg0, static_cast<std::int64_t>(op.number));
    }
    switch (op.atom) {
        case DW_OP_bregx:
            return push_register(op.number, static_cast<std::int64_t>(op.number2));
        case DW_OP_regval_type:
        case DW_OP_GNU_regval_type:
            return push_register(op.number, 0);
        case DW_OP_call_frame_cfa:
            return push(context_.frame->cfa);
        case DW_OP_fbreg: {
            const auto base = evaluator_.frame_base(context_);
            return push(base ? std::optional{*base + static_cast<std::uint32_t>(op.number)}
                             : std::nullopt);
        }
        case DW_OP_const_type:
        case DW_OP_GNU_const_type:
            return typed_constant(op);
        case DW_OP_addrx:
        case DW_OP_constx:
        case DW_OP_GNU_addr_index:
        case DW_OP_GNU_const_index:
            return indexed(op);
        case DW_OP_entry_value:
        case DW_OP_GNU_entry_value:
            return entry_value(op);
        case DW_OP_GNU_parameter_ref:
            return removed_parameter(op);
        case DW_OP_deref:
        case DW_OP_deref_size:
        case DW_OP_deref_type:
        case DW_OP_GNU_deref_type: {
            const std::size_t size = op.atom == DW_OP_deref ? 4 : op.number;
            if (!pop(address) || size > sizeof(std::uint64_t)) {
                return fail(Gap::Unsupported);
            }
            const auto bytes =
                evaluator_.memory_.read(static_cast<std::uint32_t>(address.value), size);
            if (bytes.size() != size) {
                return fail(Gap::Unreadable);
            }
            return push(load_number(bytes));
        }
        default:
            return fail(Gap::Unsupported);
    }
}

/// Clang and GCC describe float arguments with it.
bool ExpressionMachine::typed_constant(const Dwarf_Op& op) {
    Dwarf_Die type;
    Dwarf_Attribute constant;
    Dwarf_Block block;
    if (dwarf_getlocation_die(&attribute_, &op, &type) != 0 ||
        dwarf_getlocation_attr(&attribute_, &op, &constant) != 0 ||
        dwarf_formblock(&constant, &block) != 0 || block.length == 0 ||
        block.length > sizeof(std::uint64_t)) {
        return fail(Gap::Unsupported);
    }
    Operand operand;
    operand.value = load_number(std::as_bytes(std::span{block.data, block.length}));
    operand.bytes = static_cast<unsigned>(block.length);
    const auto encoding = number_attribute(type, DW_AT_encoding).value_or(DW_ATE_float);
    operand.is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
    operand.is_float = encoding == DW_ATE_float;
    return push(operand);
}

/// A number from the unit's table of addresses (`.debug_addr`), which clang uses.
bool ExpressionMachine::indexed(const Dwarf_Op& op) {
    Dwarf_Attribute entry;
    Dwarf_Addr address = 0;
    Dwarf_Word number = 0;
    if (dwarf_getlocation_attr(&attribute_, &op, &entry) != 0) {
        return fail(Gap::Unsupported);
    }
    if (dwarf_formaddr(&entry, &address) == 0) {
        return push(std::uint64_t{address});
    }
    return dwarf_formudata(&entry, &number) == 0 ? push(std::uint64_t{number})
                                                 : fail(Gap::Unsupported);
}

/// A register's value at the function's call.
bool ExpressionMachine::entry_value(const Dwarf_Op& op) {
    Dwarf_Attribute nested;
    Dwarf_Op* program = nullptr;
    std::size_t length = 0;
    if (dwarf_getlocation_attr(&attribute_, &op, &nested) != 0 ||
        dwarf_getlocation(&nested, &program, &length) != 0 || length != 1) {
        return fail(Gap::Unsupported);
    }
    if (in(program->atom, DW_OP_reg0, DW_OP_reg31)) {
        return push(evaluator_.entry_register(program->atom - DW_OP_reg0, context_));
    }
    const bool numbered = program->atom == DW_OP_regx || program->atom == DW_OP_regval_type ||
                          program->atom == DW_OP_GNU_regval_type;
    return numbered ? push(evaluator_.entry_register(program->number, context_))
                    : fail(Gap::Unsupported);
}

/// What the caller would have passed, had the compiler not removed the parameter.
bool ExpressionMachine::removed_parameter(const Dwarf_Op& op) {
    Dwarf_Die parameter;
    if (dwarf_getlocation_die(&attribute_, &op, &parameter) != 0) {
        return fail(Gap::Unsupported);
    }
    const auto type = type_of(parameter);
    const bool is_number = type && type_size(*type).value_or(0) <= sizeof(std::uint32_t);
    return push(is_number ? evaluator_.removed_parameter(parameter, context_) : std::nullopt);
}

bool ExpressionMachine::jump(std::span<const Dwarf_Op> program, const Dwarf_Op& op,
                             std::size_t& next) {
    Operand condition{1};
    if (op.atom == DW_OP_bra && !pop(condition)) {
        return false;
    }
    if (condition.value == 0) {
        return true;
    }
    constexpr Dwarf_Word kJumpBytes = 3;  // the operation and two bytes of distance
    const Dwarf_Word target = op.offset + kJumpBytes + op.number;
    const auto found = std::ranges::find(program, target, &Dwarf_Op::offset);
    next = static_cast<std::size_t>(found - program.begin());
    return true;
}

bool ExpressionMachine::push(const Operand& operand) {
    return stack_.push(operand) || fail(Gap::Unsupported);
}

bool ExpressionMachine::push(std::uint64_t value) {
    return push(Operand{value});
}

bool ExpressionMachine::push(const std::optional<std::uint32_t>& value) {
    return value ? push(std::uint64_t{*value}) : fail(Gap::OptimizedOut);
}

bool ExpressionMachine::push_register(std::uint64_t number, std::int64_t offset) {
    const FrameRegisters& registers = context_.frame->registers;
    if (number >= registers.size()) {
        return fail(Gap::Unsupported);
    }
    const auto value = registers[number];
    if (!value && number >= kGeneralRegisters) {
        return fail(Gap::Unsupported);
    }
    return push(value ? std::optional{*value + static_cast<std::uint32_t>(offset)} : std::nullopt);
}

bool ExpressionMachine::fail(Gap gap) {
    gap_ = gap;
    return false;
}

bool ExpressionMachine::pop(Operand& operand) {
    const auto top = stack_.pop();
    operand = top.value_or(operand);
    return top || fail(Gap::Unsupported);
}

void ExpressionMachine::finish_piece(std::optional<std::size_t> bits, std::size_t first_bit) {
    Place place;
    Operand address;
    if (place_) {
        place = *std::exchange(place_, std::nullopt);
    } else if (!stack_.empty() && pop(address)) {
        place.kind = Place::Kind::Memory;
        place.value = address.value;
    }
    place.bits = bits;
    place.first_bit = first_bit;
    pieces_.push_back(place);
}

}  // namespace coredepot::decoder
