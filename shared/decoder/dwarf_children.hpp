#pragma once

#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"

namespace coredepot::decoder {

/// Calls `visit` with the children of `parent`, in order, until it returns false. The sibling links
/// of a hostile ELF may form a circle: only the deadline ends that.
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

}  // namespace coredepot::decoder
