#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

// Types in the debug information. libdw's own dwarf_peel_type and dwarf_aggregate_size never return
// for a typedef of itself, so we do not use them.

/// A constant attribute of `die`; empty when it has none.
std::optional<std::uint64_t> number_attribute(Dwarf_Die& die, unsigned name);

/// The same for numbers that may be negative.
std::optional<std::int64_t> signed_attribute(Dwarf_Die& die, unsigned name);

/// Whether `die` has a flag, and it is set.
bool has_flag(Dwarf_Die& die, unsigned name);

/// The offset of `member` in its structure, in bytes; empty when it is not given, as in a union.
/// Strict DWARF 2 has an expression here.
std::optional<std::uint64_t> member_offset(Dwarf_Die& member);

/// How deep types may nest: typedefs of typedefs, arrays of arrays. Real code stays below ten.
constexpr int kMaxTypeNesting = 32;

/// The declared type of a variable, a member, a pointer or another type; empty: void.
std::optional<Dwarf_Die> type_of(Dwarf_Die& die);

/// `type`, or its definition in a type unit (`gcc -fdebug-types-section`), which is known only by
/// the type's signature.
Dwarf_Die definition_of(Dwarf_Die type);

/// `type` without typedefs and qualifiers; empty: void, or an endless chain.
std::optional<Dwarf_Die> plain_type(Dwarf_Die type);

/// The number of elements in each dimension of an array type, outermost first; empty when it is not
/// given.
std::vector<std::optional<std::uint64_t>> array_lengths(Dwarf_Die& array);

/// In bytes; empty when unknown or beyond 32 bits.
std::optional<std::size_t> type_size(const Dwarf_Die& type);

/// Whether a type without typedefs and qualifiers (plain_type()) is a structure, a class or a
/// union.
bool is_structure(Dwarf_Die& plain);

/// Whether such a type is that of `nullptr`.
bool is_null_pointer(Dwarf_Die& plain);

/// The class of a pointer to member, without typedefs; empty when it is not given.
std::optional<Dwarf_Die> containing_type(Dwarf_Die& pointer);

/// Whether a pointer to member points to a function.
bool points_to_method(Dwarf_Die& pointer);

/// Whether an array of such elements is shown as text. Like gdb, we treat bytes as characters.
bool is_character(Dwarf_Die& plain);

/// Whether an array of such a type is meant as text: `char`, but not `uint8_t`.
bool is_text(Dwarf_Die& plain);

}  // namespace coredepot::decoder
