#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace coredepot {

/// Reads all of `text` as a number: digits, and for a signed type perhaps a `-` before them. Empty
/// for anything else, such as no digits, a `+`, a space, or a number that `T` cannot hold.
template <std::integral T = std::int64_t>
std::optional<T> parse_integer(std::string_view text, int base = 10) {
    T number{};
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number, base);
    if (error != std::errc() || end != last) return std::nullopt;
    return number;
}

/// `1,234,567`, for people.
std::string with_thousands(std::uint64_t number);

}  // namespace coredepot
