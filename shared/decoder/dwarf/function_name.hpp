#pragma once

#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// The name of the function that `die` (a subprogram or a body inlined from one) stands for, as gdb
/// shows it in a backtrace: `app_main`, `net::Socket::connect`; parameters are left out. Empty: it
/// has none.
std::string function_name(Dwarf_Die* die);

/// The functions that the function `die` was written in, outermost first: `setup`,
/// `setup::{lambda}`. Empty: in none, as most.
std::string enclosing_functions(const Dwarf_Die& die);

/// Whether `die` is a function of C or C++ that only its own file can call: `static`, in an unnamed
/// namespace, or of a class that is. Rust's names tell the module, and which of its functions are
/// local is the optimizer's choice.
bool is_local_function(Dwarf_Die* die);

}  // namespace coredepot::decoder
