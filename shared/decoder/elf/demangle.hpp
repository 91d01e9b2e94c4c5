#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::decoder {

/// The name of the function that the linker calls `symbol`, without parameters and return type, in
/// C++ (`net::Socket::connect`) or in Rust, where the hash is left out, too (`<Parser<u8>>::feed`).
/// Empty when `symbol` is not a mangled name.
std::optional<std::string> demangled_function_name(std::string_view symbol);

/// A linker symbol as gdb shows it in values: demangled, in C++ with its parameters.
std::string full_name(std::string_view symbol);

/// A linker symbol as gdb shows it in backtraces: the same without parameters.
std::string readable_name(std::string_view symbol);

}  // namespace coredepot::decoder
