#pragma once

#include <string>
#include <string_view>

namespace coredepot::decoder {

/// Rewrites a name from C, C++ or Rust without parameters, template arguments (`Buffer<T>::push`)
/// and the numbers of lambdas (`setup::{lambda}`).
std::string rewritten_name(std::string_view name);

}  // namespace coredepot::decoder
