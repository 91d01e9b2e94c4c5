#pragma once

#include <cstddef>
#include <cstdint>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Calls `visit` with the children of `parent`, in order, until it returns false. In a hostile ELF,
/// the links between siblings may form a circle, which only the deadline ends.
template <typename Visit>
void for_each_child(Dwarf_Die parent, const Deadline& deadline, Visit visit) {
    Dwarf_Die child;
    if (dwarf_child(&parent, &child) != 0) {
        return;
    }
    do {
        deadline.check();
        if (!visit(child)) {
            return;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

/// A function that the compiler split has two or three ranges, a unit as many as functions.
constexpr int kMaxRangesPerDie = 65'536;

/// Calls `visit(start, end)` with the ranges of code of `die` that fit into 32 bits.
template <typename Visit>
void for_each_range(Dwarf_Die* die, Visit visit) {
    Dwarf_Addr base = 0;
    Dwarf_Addr start = 0;
    Dwarf_Addr end = 0;
    std::ptrdiff_t next = 0;
    for (int i = 0; i < kMaxRangesPerDie; ++i) {
        next = dwarf_ranges(die, next, &base, &start, &end);
        if (next <= 0) {
            return;
        }
        if (start < end && end <= UINT32_MAX) {
            visit(static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end));
        }
    }
}

}  // namespace coredepot::decoder
