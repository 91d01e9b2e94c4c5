#include "decoder/bytes/printable.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace coredepot::decoder {

std::string printable(std::string_view text) {
    return to_visible(text.substr(0, std::min(text.find('\0'), kMaxPrintable)), '?');
}

}  // namespace coredepot::decoder
