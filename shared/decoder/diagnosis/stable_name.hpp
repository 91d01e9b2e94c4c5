#pragma once

#include <string>
#include <string_view>

#include "decoder/report/frame.hpp"

namespace coredepot::decoder {

/// `function` without the compiler's suffix for a special copy: `.isra.0`, `.constprop.1`,
/// `.part.2`, `.cold`, `.lto_priv.0`, ` [clone .isra.0]`. Other dots stay.
std::string without_clone_suffix(std::string_view function);

/// A function's name that is the same in every build, for signatures: without clone suffixes,
/// Rust's hash, parameters, template arguments (`Buffer<T>::push`) and the numbers of lambdas
/// (`setup::{lambda}`). The types of a Rust impl stay.
std::string stable_name(std::string_view function);

/// The function of `frame` with those around it: `setup::{lambda}` for a lambda, which debug
/// information only calls `operator()`.
std::string whole_name(const Frame& frame);

}  // namespace coredepot::decoder
