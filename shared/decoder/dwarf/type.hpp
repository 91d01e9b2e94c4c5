#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

// Types as the debug information describes them. libdw's own dwarf_peel_type and
// dwarf_aggregate_size never return from a typedef of itself, so nothing here uses them.

/// A constant attribute of `die`; empty: it has none.
std::optional<std::uint64_t> number_attribute(Dwarf_Die& die, unsigned name);

/// The same where the number may be negative.
std::optional<std::int64_t> signed_attribute(Dwarf_Die& die, unsigned name);

/// Whether `die` has a flag, and it is set.
bool has_flag(Dwarf_Die& die, unsigned name);

/// Where in its structure `member` starts, in bytes; empty: it does not tell, as in a union. Strict
/// DWARF 2 tells by an expression.
std::optional<std::uint64_t> member_offset(Dwarf_Die& member);

/// How deep types nest that are read: typedefs of typedefs, arrays of arrays. Real code stays below
/// ten.
constexpr int kMaxTypeNesting = 32;

/// The type of a variable, a member, a pointer or another type, as declared; empty: void.
std::optional<Dwarf_Die> type_of(Dwarf_Die& die);

/// `type`, or its definition in a type unit (`gcc -fdebug-types-section`), which only the type's
/// signature names.
Dwarf_Die definition_of(Dwarf_Die type);

/// `type` without typedefs and qualifiers; empty: void, or it never ends.
std::optional<Dwarf_Die> plain_type(Dwarf_Die type);

/// Number of elements in each dimension of an array type, the outermost first; empty: it does not
/// tell.
std::vector<std::optional<std::uint64_t>> array_lengths(Dwarf_Die& array);

/// Bytes; empty: unknown or beyond 32 bits.
std::optional<std::size_t> type_size(const Dwarf_Die& type);

/// Whether a type without typedefs and qualifiers (plain_type()) is a structure, a class or a
/// union.
bool is_structure(Dwarf_Die& plain);

/// Whether such a type is that of `nullptr`.
bool is_null_pointer(Dwarf_Die& plain);

/// The class of a pointer to member, without typedefs; empty: it does not tell.
std::optional<Dwarf_Die> containing_type(Dwarf_Die& pointer);

/// Whether a pointer to member points to a function.
bool points_to_method(Dwarf_Die& pointer);

/// Whether elements of such a type make up text. As in gdb, bytes count as characters.
bool is_character(Dwarf_Die& plain);

/// Whether an array of such a type is meant to hold text: of `char`, which `uint8_t` is not.
bool is_text(Dwarf_Die& plain);

}  // namespace coredepot::decoder
