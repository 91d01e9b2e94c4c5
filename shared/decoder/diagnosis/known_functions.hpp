#pragma once

#include <string_view>

#include "decoder/diagnosis/meaning.hpp"

/// Functions that are known by their names: those of ESP-IDF, FreeRTOS, Arduino, and of the
/// libraries of C, C++ and Rust.
namespace coredepot::decoder {

struct KnownFunction {
    std::string_view name;  ///< whole, or with `*` at its end how it begins
    std::string_view rule;
    Means means = Means::Nothing;
};

/// The first that fits a function of that stable name in the source file `file`, with slashes,
/// empty where it is not known. Null: none does.
const KnownFunction* find_function(std::string_view name, std::string_view file);

/// Whether a function is FreeRTOS' own by the way in which that names its functions. Users like
/// that too, so `file` has to be one of its own, or not known.
bool is_of_freertos(std::string_view name, std::string_view file);

/// Whether a function without debug information is one of ESP-IDF's closed libraries.
bool is_of_closed_library(std::string_view name);

/// Whether `function` is the one through which the CPU comes from a task to an interrupt.
bool is_interrupt_entry(std::string_view function);

}  // namespace coredepot::decoder
