#pragma once

#include <cstdint>

#include <dwarf.h>

#include "decoder/dwarf/walk.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// People do not nest namespaces deeper than this.
constexpr int kMaxNamespaceDepth = 32;

/// Calls `visit(start, end)` with the ranges of code of the functions in `parent`, which is a unit
/// or a namespace.
template <typename Visit>
void for_each_function_range(Dwarf_Die parent, const Deadline& deadline, Visit visit,
                             int depth = 0) {
    for_each_child(parent, deadline, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_subprogram) {
            for_each_range(&child, visit);
        } else if (tag == DW_TAG_namespace && depth < kMaxNamespaceDepth) {
            for_each_function_range(child, deadline, visit, depth + 1);
        }
        return true;
    });
}

/// Calls `visit(start, end)` with the ranges of code of `unit`. In strict DWARF 2, a unit with
/// several ranges cannot list them, so we take those of its functions.
template <typename Visit>
void for_each_unit_range(Dwarf_Die unit, const Deadline& deadline, Visit visit) {
    bool any = false;
    for_each_range(&unit, [&](std::uint32_t start, std::uint32_t end) {
        any = true;
        visit(start, end);
    });
    Dwarf_Half version = 0;
    if (!any &&
        dwarf_cu_info(unit.cu, &version, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) ==
            0 &&
        version == 2) {
        for_each_function_range(unit, deadline, visit);
    }
}

}  // namespace coredepot::decoder
