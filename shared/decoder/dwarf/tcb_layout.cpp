#include "decoder/dwarf/tcb_layout.hpp"

#include <string_view>

#include <dwarf.h>

#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"

namespace coredepot::decoder {
namespace {

/// Anything longer is not a task name.
constexpr std::uint32_t kMaxTaskNameBytes = 256;

std::string_view name_in(Dwarf_Die& die) {
    const char* const name = dwarf_diename(&die);
    return name == nullptr ? "" : name;
}

/// The size in bytes of the array `member`; empty when it is not an array.
std::optional<std::uint32_t> array_bytes(Dwarf_Die& member) {
    const auto type = type_of(member);
    const auto size = type ? type_size(*type) : std::nullopt;
    if (!size || *size == 0 || *size > kMaxTaskNameBytes) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*size);
}

bool is_task_control_block(Dwarf_Die& die) {
    return dwarf_tag(&die) == DW_TAG_structure_type && name_in(die) == "tskTaskControlBlock" &&
           dwarf_haschildren(&die) == 1;
}

TcbLayout read_layout(const Dwarf_Die& structure, const Deadline& deadline) {
    TcbLayout layout;
    layout.assumed = false;
    layout.end_of_stack.reset();
    layout.base_priority.reset();
    for_each_child(structure, deadline, [&](Dwarf_Die& member) {
        const auto place =
            dwarf_tag(&member) == DW_TAG_member ? member_offset(member) : std::nullopt;
        if (!place || *place > UINT16_MAX) {
            return true;
        }
        const auto offset = static_cast<std::uint32_t>(*place);
        const std::string_view name = name_in(member);
        if (name == "pxTopOfStack") {
            layout.top_of_stack = offset;
        } else if (name == "uxPriority") {
            layout.priority = offset;
        } else if (name == "pxStack") {
            layout.stack = offset;
        } else if (name == "pcTaskName") {
            layout.name = offset;
            layout.name_bytes = array_bytes(member).value_or(layout.name_bytes);
        } else if (name == "pxEndOfStack") {
            layout.end_of_stack = offset;
        } else if (name == "uxBasePriority") {
            layout.base_priority = offset;
        } else if (name == "xCoreID") {
            layout.core = offset;
        }
        return true;
    });
    return layout;
}

}  // namespace

std::optional<std::uint32_t> find_task_control_block(Dwarf_Die unit, const Deadline& deadline) {
    std::optional<std::uint32_t> place;
    if (!name_in(unit).ends_with("tasks.c")) {
        return place;
    }
    for_each_child(unit, deadline, [&](Dwarf_Die& child) {
        if (is_task_control_block(child)) {
            place = static_cast<std::uint32_t>(dwarf_dieoffset(&child));
        }
        return !place;
    });
    return place;
}

TcbLayout read_tcb_layout(Dwarf* dwarf, std::optional<std::uint32_t> place,
                          const Deadline& deadline) {
    Dwarf_Die structure;
    const bool found = place && dwarf_offdie(dwarf, *place, &structure) != nullptr &&
                       is_task_control_block(structure);
    return found ? read_layout(structure, deadline) : TcbLayout{};
}

}  // namespace coredepot::decoder
