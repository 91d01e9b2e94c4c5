#pragma once

#include <string>
#include <string_view>

#include "decoder/report/frame.hpp"

namespace coredepot::decoder {

/// `function` without what the compiler adds when it makes a special copy of one: `.isra.0`,
/// `.constprop.1`, `.part.2`, `.cold`, `.lto_priv.0`, ` [clone .isra.0]`. Other dots stay.
std::string without_clone_suffix(std::string_view function);

/// A function's name as it is in any build, for signatures: without clone suffixes, the hash of
/// Rust, parameters, template arguments (`Buffer<T>::push`) and the numbers of lambdas
/// (`setup::{lambda}`). The types that a Rust impl is for stay.
std::string stable_name(std::string_view function);

/// The function of `frame` with those around it: `setup::{lambda}` for a lambda, of which the debug
/// information knows no more than `operator()`.
std::string whole_name(const Frame& frame);

}  // namespace coredepot::decoder
