#pragma once

#include <optional>
#include <string>

namespace coredepot {

/// Who changes something, as a token says it. Empty: tokens are not checked.
struct Person {
    std::optional<std::string> subject = std::nullopt;
    std::optional<std::string> name = std::nullopt;
};

}  // namespace coredepot
