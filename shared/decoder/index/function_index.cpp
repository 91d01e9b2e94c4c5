#include "decoder/index/function_index.hpp"

#include <algorithm>
#include <utility>

#include <dwarf.h>

#include "decoder/dwarf/walk.hpp"

namespace coredepot::decoder {
namespace {

/// How deep namespaces, and scopes that hold functions, may nest. Readable code does not go deeper.
constexpr int kMaxFunctionDepth = 32;

/// Whether a DIE with this tag may hold functions that are not direct members of the unit. Lambdas
/// and the methods of local classes are described where they were written, inside a function.
bool may_hold_functions(int tag) {
    return tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
           tag == DW_TAG_inlined_subroutine || tag == DW_TAG_class_type ||
           tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/// Most functions are only declared, or inlined. libdw finds that out fast, but reads ranges
/// slowly.
bool may_have_code(Dwarf_Die& function) {
    return dwarf_hasattr(&function, DW_AT_low_pc) != 0 ||
           dwarf_hasattr(&function, DW_AT_ranges) != 0;
}

}  // namespace

std::optional<Dwarf_Die> FunctionIndex::find(Dwarf_Die* unit, std::uint32_t address,
                                             const Deadline& deadline) {
    const auto find_in = [&](const Functions& functions) {
        const auto after =
            std::ranges::upper_bound(functions.ranges, address, {}, &Function::start);
        const bool found = after != functions.ranges.begin() && std::prev(after)->end > address;
        return found ? &*std::prev(after) : nullptr;
    };
    Unit& known = unit_of(unit, deadline);
    const Function* found = find_in(known.in_namespaces);
    // Few functions are nested, and finding them takes a walk over the whole unit.
    if (found == nullptr) {
        if (!known.anywhere) known.anywhere = read(unit, Nesting::Anywhere, deadline);
        found = find_in(*known.anywhere);
    }
    Dwarf_Die die;
    const bool is_there =
        found != nullptr && dwarf_offdie(dwarf_cu_getdwarf(unit->cu), found->die, &die) != nullptr;
    return is_there ? std::optional{die} : std::nullopt;
}

bool FunctionIndex::is_outermost(Dwarf_Die function) const {
    Dwarf_Die unit;
    const auto known = dwarf_diecu(&function, &unit, nullptr, nullptr) == nullptr
                           ? units_.end()
                           : units_.find(unit.addr);
    return known != units_.end() &&
           std::ranges::binary_search(known->second.in_namespaces.outermost, function.addr);
}

std::size_t FunctionIndex::memory() const {
    std::size_t bytes = 0;
    const auto bytes_of = [](const Functions& functions) {
        return functions.ranges.capacity() * sizeof(Function) +
               functions.outermost.capacity() * sizeof(const void*);
    };
    for (const auto& [place, unit] : units_) {
        bytes += sizeof(Unit) + bytes_of(unit.in_namespaces) +
                 (unit.anywhere ? bytes_of(*unit.anywhere) : 0);
    }
    return bytes;
}

FunctionIndex::Unit& FunctionIndex::unit_of(Dwarf_Die* unit, const Deadline& deadline) {
    auto known = units_.find(unit->addr);
    if (known == units_.end()) {
        // A walk that is aborted leaves nothing behind.
        Unit read_now{read(unit, Nesting::InNamespaces, deadline), {}};
        known = units_.emplace(unit->addr, std::move(read_now)).first;
    }
    return known->second;
}

FunctionIndex::Functions FunctionIndex::read(Dwarf_Die* unit, Nesting nesting,
                                             const Deadline& deadline) {
    Functions functions;
    collect(*unit, nesting, 0, deadline, functions);
    std::ranges::sort(functions.ranges, {}, &Function::start);
    std::ranges::sort(functions.outermost);
    functions.ranges.shrink_to_fit();
    functions.outermost.shrink_to_fit();
    return functions;
}

void FunctionIndex::collect(Dwarf_Die parent, Nesting nesting, int depth, const Deadline& deadline,
                            Functions& functions) {
    for_each_child(parent, deadline, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        const bool open =
            tag == DW_TAG_namespace || (nesting == Nesting::Anywhere && may_hold_functions(tag));
        if (open && depth < kMaxFunctionDepth) {
            collect(child, nesting, depth + 1, deadline, functions);
        }
        if (tag != DW_TAG_subprogram) {
            return true;
        }
        if (nesting == Nesting::InNamespaces) {
            functions.outermost.push_back(child.addr);
        }
        if (may_have_code(child)) {
            const auto offset = static_cast<std::uint32_t>(dwarf_dieoffset(&child));
            for_each_range(&child, [&](std::uint32_t start, std::uint32_t end) {
                if (start != 0 && functions_left_ > 0) {
                    --functions_left_;
                    functions.ranges.push_back({start, end, offset});
                }
            });
        }
        return functions_left_ > 0;
    });
}

}  // namespace coredepot::decoder
