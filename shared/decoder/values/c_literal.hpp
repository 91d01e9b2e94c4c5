#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace coredepot::decoder {

/// A character as C writes it between quotes, `\n` or `\377`. `quote` is escaped as well.
std::string escaped(std::byte character, char quote);

/// The C string at the start of `bytes`, in quotes, up to its NUL. `...` follows if it goes on, or
/// if the bytes end first.
std::string quoted_string(std::span<const std::byte> bytes);

/// All of `bytes`, in quotes, as gdb shows an array: without a NUL at the very end, and with
/// repetitions counted, `"\001\002", '\000' <repeats 13 times>`. `cut_off`: the array goes on.
std::string quoted_bytes(std::span<const std::byte> bytes, bool cut_off);

/// The longest string that is shown (gdb's default).
constexpr std::size_t kMaxStringBytes = 200;

}  // namespace coredepot::decoder
