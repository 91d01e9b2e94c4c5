#pragma once

#include <string_view>

namespace coredepot::decoder {

/// The type and trait in the name of a Rust function, which stand in angle brackets: `Sensor as
/// Driver`, `impl Driver for Sensor`, `impl Sensor`, `Sensor`. Rust's two manglings (legacy and v0)
/// write the same thing differently.
struct RustImpl {
    std::string_view type;
    std::string_view trait;  ///< empty when there is none
};

/// Parses `inner`, without the brackets. Anything else counts as a type.
RustImpl rust_impl_in(std::string_view inner);

/// Whether `path` is a path: `firmware::Sensor`, but not `u32`, `[u8]` or `*mut T`.
bool is_rust_path(std::string_view path);

/// Whether a function with that stable name belongs to Rust's libraries: `<[u8]>::copy_from_slice`,
/// `<u32 as core::fmt::Display>::fmt`, `<&firmware::Sensor as core::fmt::Display>::fmt`.
bool is_of_rust_library(std::string_view name);

}  // namespace coredepot::decoder
