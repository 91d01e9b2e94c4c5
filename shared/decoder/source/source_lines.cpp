#include "decoder/source/source_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/line_program.hpp"
#include "decoder/dwarf/type.hpp"

namespace coredepot::decoder {
namespace {

/// Whether the row at `index` only continues the line before it, as a separate part that the
/// compiler has marked. gdb leaves those rows out.
bool continues_line(std::span<const LineRow> rows, std::size_t index) {
    constexpr std::size_t kFarEnough = 64;
    bool told_apart = false;
    bool continues = false;
    for (std::size_t back = 0; back <= std::min(index, kFarEnough); ++back) {
        const LineRow& row = rows[index - back];
        if (row.line != rows[index].line || row.file != rows[index].file) {
            break;
        }
        told_apart = told_apart || row.is_part;
        continues = continues || back > 0;
    }
    return continues && told_apart;
}

/// If the compiler has moved statements around, an address has several lines. gdb takes the last
/// one that begins a statement, or simply the last one if none does. `rows` are those of the
/// function that contains `address`.
const LineRow& row_at(std::span<const LineRow> rows, std::uint32_t address) {
    const auto after =
        std::ranges::upper_bound(rows.first(rows.size() - 1), address, {}, &LineRow::address);
    const auto last = static_cast<std::size_t>(after - rows.begin()) - 1;
    for (std::size_t i = last + 1; i-- > 0 && rows[i].address == rows[last].address;) {
        if (rows[i].is_statement && !continues_line(rows, i)) {
            return rows[i];
        }
    }
    return rows[last];
}

}  // namespace

std::optional<SourceLines::Place> SourceLines::at(Dwarf_Die* unit, std::uint32_t address) {
    const auto& table = table_of(unit);
    const auto function = table ? index_.find(*table, address, deadline_) : std::nullopt;
    if (!function) {
        return std::nullopt;
    }
    const auto rows = line_rows(*table, *function, deadline_);
    if (rows.empty()) {
        return std::nullopt;
    }
    const LineRow& row = row_at(rows, address);
    if (row.line == 0) {
        return std::nullopt;
    }
    return Place{printable(table->file(row.file)), static_cast<int>(row.line)};
}

std::string SourceLines::file(Dwarf_Die* unit, std::uint64_t number) {
    const auto& table = table_of(unit);
    return table ? printable(table->file(number)) : std::string{};
}

const std::optional<LineHeader>& SourceLines::table_of(Dwarf_Die* unit) {
    const auto [entry, is_new] = tables_.try_emplace(dwarf_dieoffset(unit));
    if (is_new) {
        Dwarf_Attribute attribute;
        const char* const directory = dwarf_attr(unit, DW_AT_comp_dir, &attribute) == nullptr
                                          ? nullptr
                                          : dwarf_formstring(&attribute);
        if (const auto offset = number_attribute(*unit, DW_AT_stmt_list)) {
            entry->second =
                LineHeader::read(sections_, *offset, directory == nullptr ? "" : directory);
        }
    }
    return entry->second;
}

}  // namespace coredepot::decoder
