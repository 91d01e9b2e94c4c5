#pragma once

#include <string_view>

namespace coredepot::decoder {

/// How a panic reason of ESP-IDF's begins, what it means, and where in it the detail is.
struct Reason {
    std::string_view start;
    std::string_view kind;
    std::string_view before = {};  ///< the detail is behind this …
    std::string_view after = {};  ///< … up to the last of this, or the end of the line; empty: none
};

/// Null: it is none of ESP-IDF's.
const Reason* find_reason(std::string_view panic_reason);

}  // namespace coredepot::decoder
