#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::decoder {

/// The name of the C++ function that the linker calls `symbol`, without parameters and return type:
/// `net::Socket::connect`; empty: `symbol` is no mangled name.
std::optional<std::string> cpp_function_name(std::string_view symbol);

/// A linker symbol as gdb shows it in values: demangled where it is C++, with its parameters.
std::string full_name(std::string_view symbol);

/// A linker symbol as gdb shows it in backtraces: the same without parameters.
std::string readable_name(std::string_view symbol);

}  // namespace coredepot::decoder
