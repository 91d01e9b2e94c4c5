#pragma once

#include <string>
#include <vector>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Whether `die` was written in C, or in C++.
bool is_c(Dwarf_Die die);
bool is_cpp(Dwarf_Die die);

/// The DIE that is inside the namespace, class or function where `die` was written: for a concrete
/// or inlined function the abstract one, and for that the member's declaration.
Dwarf_Die declaration_of(Dwarf_Die die);

/// The DIEs around the declaration of `die`, its unit first. libdw searches the whole unit, which
/// takes long.
std::vector<Dwarf_Die> scopes_around(const Dwarf_Die& die);

/// The namespaces and classes around `die`, as C++ and Rust write them before a name:
/// `__cxxabiv1::`. Empty when there are none, or when the language has none. Takes as long as
/// scopes_around().
std::string enclosing_scopes(const Dwarf_Die& die);

}  // namespace coredepot::decoder
