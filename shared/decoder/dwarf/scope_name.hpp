#pragma once

#include <string>
#include <vector>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Whether `die` was written in C, or in C++.
bool is_c(Dwarf_Die die);
bool is_cpp(Dwarf_Die die);

/// The DIE that stands in the namespace, class or function that `die` was written in: of a concrete
/// or an inlined function the abstract one, and of that the member's declaration.
Dwarf_Die declaration_of(Dwarf_Die die);

/// The DIEs around the declaration of `die`, its unit first. libdw looks for them in all of the
/// unit: this takes long.
std::vector<Dwarf_Die> scopes_around(const Dwarf_Die& die);

/// The namespaces and classes that `die` is in, as C++ and Rust write them before its name:
/// `__cxxabiv1::`. Empty: in none, or its language has none. Takes as long as scopes_around().
std::string enclosing_scopes(const Dwarf_Die& die);

}  // namespace coredepot::decoder
