#pragma once

#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// The name of the function `die` (a subprogram, or an inlined body of one), as gdb shows it in a
/// backtrace: `app_main`, `net::Socket::connect`. It has no parameters. Empty when there is no
/// name.
std::string function_name(Dwarf_Die* die);

/// The functions inside which the function `die` was written, outermost first: `setup`,
/// `setup::{lambda}`. Empty for most functions.
std::string enclosing_functions(const Dwarf_Die& die);

/// Whether `die` is a function of C or C++ that only its own file can call: `static`, in an unnamed
/// namespace, or a member of such a class. Rust's names contain the module, and the optimizer
/// decides which functions are local.
bool is_local_function(Dwarf_Die* die);

}  // namespace coredepot::decoder
