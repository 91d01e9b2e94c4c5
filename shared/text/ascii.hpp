#pragma once

namespace coredepot {

/// Whatever the locale: names in HTTP and URLs are ASCII.
constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace coredepot
