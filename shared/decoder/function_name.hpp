#pragma once

#include <string>
#include <string_view>

#include "decoder/elf_handles.hpp"

namespace coredepot::decoder {

/// The name of the function that `die` (a subprogram or a body inlined from one) stands for, as gdb
/// shows it in a backtrace: `app_main`, `net::Socket::connect`; parameters are left out. Empty: it
/// has none.
std::string function_name(Dwarf_Die* die);

/// A linker symbol as gdb shows it in values: demangled where it is C++, with its parameters.
std::string full_name(std::string_view symbol);

/// A linker symbol as gdb shows it in backtraces: the same without parameters.
std::string readable_name(std::string_view symbol);

}  // namespace coredepot::decoder
