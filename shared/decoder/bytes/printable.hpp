#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coredepot::decoder {

/// Longer names are cut. C++ templates make long names, but nobody reads more of one than this.
constexpr std::size_t kMaxPrintable = 1024;

/// `text` up to its first NUL, with `?` for what to_visible() masks. Names in a dump or an ELF are
/// outside bytes that end up in JSON and on terminals.
std::string printable(std::string_view text);

}  // namespace coredepot::decoder
