#include "decoder/printable.hpp"

#include <algorithm>

#include "utf8.hpp"

namespace coredepot::decoder {

std::string printable(std::string_view text) {
    std::string clean = to_utf8(text.substr(0, std::min(text.find('\0'), kMaxPrintable)));
    std::ranges::replace_if(
        clean, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }, '?');
    return clean;
}

}  // namespace coredepot::decoder
