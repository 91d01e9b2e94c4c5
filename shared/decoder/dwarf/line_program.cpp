#include "decoder/dwarf/line_program.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

/// The most rows of one function. Real functions have dozens, the largest a few thousand.
constexpr std::size_t kMaxRows = 65'536;
constexpr std::uint8_t kLargestOpcode = 255;

/// Runs the program of a line table, function by function.
class LineMachine {
  public:
    /// Starts at `offset` in the program, where a function begins.
    LineMachine(const LineHeader& table, std::size_t offset, const Deadline& deadline)
        : coding_{table.coding()},
          deadline_{deadline},
          program_{table.program().subspan(offset)},
          start_{offset} {}

    /// Makes the rows of the next function. False when there is none.
    bool next() {
        rows_.clear();
        row_ = {.is_statement = coding_.begins_as_statement};
        for (bool ended = false; !ended;) {
            if (program_.at_end() || rows_.size() >= kMaxRows) {
                return false;
            }
            ended = step();
        }
        return program_.ok();
    }

    std::vector<LineRow>& rows() { return rows_; }
    /// Where the next function starts.
    std::size_t offset() const { return start_ + program_.offset(); }

  private:
    /// Runs one operation. Returns whether the function ends with it.
    bool step() {
        const std::uint8_t opcode = program_.u8();
        if (opcode >= coding_.first_special()) {
            const int step = opcode - coding_.first_special();
            row_.line += static_cast<std::uint32_t>(coding_.line_base + step % coding_.line_range);
            advance(static_cast<std::uint32_t>(step / coding_.line_range));
            add_row();
            return false;
        }
        return opcode == 0 ? extended() : standard(opcode);
    }

    bool standard(std::uint8_t opcode) {
        switch (opcode) {
            case DW_LNS_copy:
                add_row();
                break;
            case DW_LNS_advance_pc:
                advance(program_.uleb());
                break;
            case DW_LNS_advance_line:
                row_.line += static_cast<std::uint32_t>(program_.sleb());
                break;
            case DW_LNS_set_file:
                row_.file = program_.uleb();
                break;
            case DW_LNS_negate_stmt:
                row_.is_statement = !row_.is_statement;
                break;
            case DW_LNS_const_add_pc: {
                const int step = kLargestOpcode - coding_.first_special();
                advance(static_cast<std::uint32_t>(step / coding_.line_range));
                break;
            }
            case DW_LNS_fixed_advance_pc:
                row_.address += program_.u16();
                break;
            default:
                for (auto left = std::to_integer<unsigned>(coding_.operands[opcode - 1U]); left > 0;
                     --left) {
                    program_.uleb();
                }
                break;
        }
        return false;
    }

    bool extended() {
        deadline_.check();
        Cursor operation{program_.take(program_.uleb())};
        switch (operation.u8()) {
            case DW_LNE_end_sequence:
                add_row();
                return true;
            case DW_LNE_set_address:
                row_.address = operation.u32();
                break;
            case DW_LNE_set_discriminator:
                row_.is_part = operation.uleb() != 0;
                break;
            default:
                break;
        }
        return false;
    }

    void advance(std::uint32_t instructions) {
        row_.address += instructions * coding_.instruction_bytes;
    }

    void add_row() {
        rows_.push_back(row_);
        row_.is_part = false;
    }

    const LineHeader::Coding& coding_;
    const Deadline& deadline_;
    Cursor program_;
    std::size_t start_;
    LineRow row_;
    std::vector<LineRow> rows_;
};

}  // namespace

std::vector<LineSequence> line_sequences(const LineHeader& table, const Deadline& deadline) {
    std::vector<LineSequence> sequences;
    LineMachine machine{table, 0, deadline};
    for (std::size_t offset = 0; machine.next(); offset = machine.offset()) {
        const std::uint32_t start = machine.rows().front().address;
        const std::uint32_t end = machine.rows().back().address;
        // Functions that the linker dropped still have their rows, moved to address 0.
        if (start != 0 && start < end) {
            sequences.push_back({start, end, static_cast<std::uint32_t>(offset)});
        }
    }
    std::ranges::stable_sort(sequences, {}, &LineSequence::start);
    sequences.shrink_to_fit();
    return sequences;
}

std::vector<LineRow> line_rows(const LineHeader& table, const LineSequence& sequence,
                               const Deadline& deadline) {
    LineMachine machine{table, sequence.offset, deadline};
    if (!machine.next()) {
        return {};
    }
    auto& rows = machine.rows();
    const std::span code{rows.begin(), std::prev(rows.end())};
    if (!std::ranges::is_sorted(code, {}, &LineRow::address)) {  // the table is damaged
        std::ranges::stable_sort(code, {}, &LineRow::address);
    }
    return std::move(rows);
}

}  // namespace coredepot::decoder
