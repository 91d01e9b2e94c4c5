#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace coredepot::decoder {

/// A character as C writes it between quotes, `\n` or `\377`; `quote` is escaped as well.
std::string escaped(std::byte character, char quote);

/// The C string that `bytes` start with, in quotes, up to its NUL; with `...` behind it where it
/// goes on or where the bytes end before it does.
std::string quoted_string(std::span<const std::byte> bytes);

/// All of `bytes`, in quotes, as gdb shows an array of them: a NUL at the very end is left out, and
/// what repeats is counted, `"\001\002", '\000' <repeats 13 times>`. `cut_off`: the array goes on.
std::string quoted_bytes(std::span<const std::byte> bytes, bool cut_off);

/// More characters of a string are not shown (gdb's default).
constexpr std::size_t kMaxStringBytes = 200;

}  // namespace coredepot::decoder
