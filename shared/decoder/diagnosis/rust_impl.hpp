#pragma once

#include <string_view>

namespace coredepot::decoder {

/// What a function of Rust is implemented for, as its name has it in angle brackets: `Sensor as
/// Driver`, `impl Driver for Sensor`, `impl Sensor`, `Sensor`. The two ways in which Rust mangles
/// names (legacy and v0) write the same differently.
struct RustImpl {
    std::string_view type;
    std::string_view trait;  ///< empty: of none
};

/// Of `inner`, without the brackets. What is no such thing is all type.
RustImpl rust_impl_in(std::string_view inner);

/// Whether `path` leads somewhere: `firmware::Sensor`, and not `u32`, `[u8]`, `*mut T`.
bool is_rust_path(std::string_view path);

/// Whether a function of that stable name comes with Rust: `<[u8]>::copy_from_slice`, `<u32 as
/// core::fmt::Display>::fmt`, `<&firmware::Sensor as core::fmt::Display>::fmt`.
bool is_of_rust_library(std::string_view name);

}  // namespace coredepot::decoder
