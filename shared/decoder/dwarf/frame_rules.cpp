#include "decoder/dwarf/frame_rules.hpp"

#include <vector>

#include <dwarf.h>

#include "decoder/bytes/cursor.hpp"

namespace coredepot::decoder {
namespace {

/// Compilers remember the state around each early return, but never nest that.
constexpr std::size_t kMaxRemembered = 16;

using RuleKind = RegisterRule::Kind;

/// Interprets DW_CFA instructions (DWARF 5, section 6.4.2).
class Machine {
  public:
    Machine(const FrameCommon& common, std::uint32_t start, std::uint32_t address)
        : common_{common}, location_{start}, address_{address} {}

    /// False when the program is malformed. Stops before the first row beyond the address.
    bool run(std::span<const std::byte> program) {
        Cursor cursor{program};
        while (!cursor.at_end() && location_ <= address_) {
            if (!step(cursor)) {
                return false;
            }
        }
        return cursor.ok();
    }

    /// DW_CFA_restore returns to these: the rules of the common program.
    void keep_as_initial() { initial_ = rules_; }
    const FrameRules& rules() const { return rules_; }

  private:
    bool step(Cursor& cursor);
    bool step_extended(std::uint32_t operation, Cursor& cursor);

    /// Moves on to the next row. (The caller stops if that is beyond the address.)
    void advance(std::uint32_t delta) { location_ += delta * common_.code_alignment; }

    void set(std::uint32_t number, RegisterRule rule) {
        if (number < rules_.registers.size()) {  // the others are vector registers
            rules_.registers[number] = rule;
        }
    }

    void restore(std::uint32_t number) {
        if (number < initial_.registers.size()) {
            set(number, initial_.registers[number]);
        }
    }

    /// Arithmetic with hostile numbers wraps around.
    std::int32_t factored(std::uint32_t value) const {
        return static_cast<std::int32_t>(value *
                                         static_cast<std::uint32_t>(common_.data_alignment));
    }

    const FrameCommon& common_;
    std::uint32_t location_;
    std::uint32_t address_;
    FrameRules rules_;
    FrameRules initial_;
    std::vector<FrameRules> remembered_;
};

bool Machine::step(Cursor& cursor) {
    const std::uint32_t byte = cursor.u8();
    const std::uint32_t operand = byte & 0x3F;
    switch (byte & 0xC0) {  // the three most common ones have their first operand in the same byte
        case DW_CFA_advance_loc:
            advance(operand);
            return true;
        case DW_CFA_offset:
            set(operand, {RuleKind::SavedAt, factored(cursor.uleb())});
            return true;
        case DW_CFA_restore:
            restore(operand);
            return true;
        default:
            return step_extended(byte, cursor);
    }
}

bool Machine::step_extended(std::uint32_t operation, Cursor& cursor) {
    // Read the operands first: the order in which arguments are evaluated is undefined.
    const auto number_and = [&](RuleKind kind, bool is_signed) {
        const std::uint32_t number = cursor.uleb();
        const auto offset = is_signed ? static_cast<std::uint32_t>(cursor.sleb()) : cursor.uleb();
        set(number, {kind, factored(offset)});
    };
    switch (operation) {
        case DW_CFA_nop:
            return true;
        case DW_CFA_set_loc:
            location_ = cursor.u32();
            return true;
        case DW_CFA_advance_loc1:
            advance(cursor.u8());
            return true;
        case DW_CFA_advance_loc2:
            advance(cursor.u16());
            return true;
        case DW_CFA_advance_loc4:
            advance(cursor.u32());
            return true;
        case DW_CFA_offset_extended:
            number_and(RuleKind::SavedAt, false);
            return true;
        case DW_CFA_offset_extended_sf:
            number_and(RuleKind::SavedAt, true);
            return true;
        case DW_CFA_val_offset:
            number_and(RuleKind::ValueOf, false);
            return true;
        case DW_CFA_val_offset_sf:
            number_and(RuleKind::ValueOf, true);
            return true;
        case DW_CFA_restore_extended:
            restore(cursor.uleb());
            return true;
        case DW_CFA_undefined:
            set(cursor.uleb(), {RuleKind::Undefined, 0});
            return true;
        case DW_CFA_same_value:
            set(cursor.uleb(), {RuleKind::SameValue, 0});
            return true;
        case DW_CFA_register: {
            const std::uint32_t number = cursor.uleb();
            set(number, {RuleKind::InRegister, static_cast<std::int32_t>(cursor.uleb())});
            return true;
        }
        case DW_CFA_remember_state:
            remembered_.push_back(rules_);
            return remembered_.size() <= kMaxRemembered;
        case DW_CFA_restore_state:
            if (remembered_.empty()) {
                return false;
            }
            rules_ = remembered_.back();
            remembered_.pop_back();
            return true;
        case DW_CFA_def_cfa:
            rules_.cfa_register = cursor.uleb();
            rules_.cfa_offset = static_cast<std::int32_t>(cursor.uleb());
            return true;
        case DW_CFA_def_cfa_sf:
            rules_.cfa_register = cursor.uleb();
            rules_.cfa_offset = factored(static_cast<std::uint32_t>(cursor.sleb()));
            return true;
        case DW_CFA_def_cfa_register:
            rules_.cfa_register = cursor.uleb();
            return true;
        case DW_CFA_def_cfa_offset:
            rules_.cfa_offset = static_cast<std::int32_t>(cursor.uleb());
            return true;
        case DW_CFA_def_cfa_offset_sf:
            rules_.cfa_offset = factored(static_cast<std::uint32_t>(cursor.sleb()));
            return true;
        case DW_CFA_def_cfa_expression:
            rules_.cfa_register.reset();
            cursor.take(cursor.uleb());
            return true;
        case DW_CFA_expression:
        case DW_CFA_val_expression:
            set(cursor.uleb(), {RuleKind::Unsupported, 0});
            cursor.take(cursor.uleb());
            return true;
        case DW_CFA_GNU_args_size:
            cursor.uleb();
            return true;
        default:
            return false;
    }
}

}  // namespace

std::optional<FrameRules> run_frame_program(const FrameCommon& common,
                                            std::span<const std::byte> program, std::uint32_t start,
                                            std::uint32_t address) {
    Machine machine{common, start, address};
    if (!machine.run(common.program)) {
        return std::nullopt;
    }
    machine.keep_as_initial();
    if (!machine.run(program)) {
        return std::nullopt;
    }
    return machine.rules();
}

}  // namespace coredepot::decoder
