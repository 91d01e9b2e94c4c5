#pragma once

#include <string_view>

#include "decoder/diagnosis/meaning.hpp"

/// Functions that we know by name: those of ESP-IDF, FreeRTOS, Arduino, and of the libraries of C,
/// C++ and Rust.
namespace coredepot::decoder {

struct KnownFunction {
    std::string_view name;  ///< all of it, or with `*` at its end only the start
    std::string_view rule;
    Means means = Means::Nothing;
};

/// The first entry for a function with that stable name in the source file `file` (with slashes;
/// empty when unknown). Null when there is none.
const KnownFunction* find_function(std::string_view name, std::string_view file);

/// Whether a function is one of FreeRTOS', by its style of names. Users imitate that, so `file`
/// must be one of FreeRTOS' or unknown.
bool is_of_freertos(std::string_view name, std::string_view file);

/// Whether a function without debug information belongs to one of ESP-IDF's closed libraries.
bool is_of_closed_library(std::string_view name);

/// Whether the CPU gets from a task to an interrupt through `function`.
bool is_interrupt_entry(std::string_view function);

}  // namespace coredepot::decoder
