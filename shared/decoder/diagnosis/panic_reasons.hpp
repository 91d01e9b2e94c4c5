#pragma once

#include <string_view>

namespace coredepot::decoder {

/// The start of one of ESP-IDF's panic reasons, what it means, and where its detail is.
struct Reason {
    std::string_view start;
    std::string_view kind;
    std::string_view before = {};  ///< the detail comes after this …
    /// … and ends at the last of these, or at the end of the line; empty: there is none.
    std::string_view after = {};
};

/// Null when the reason is not ESP-IDF's.
const Reason* find_reason(std::string_view panic_reason);

}  // namespace coredepot::decoder
