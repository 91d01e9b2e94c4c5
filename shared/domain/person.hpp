#pragma once

#include <optional>
#include <string>

namespace coredepot {

/// The person who changes something, according to the token. Empty: tokens are not checked.
struct Person {
    std::optional<std::string> subject = std::nullopt;
    std::optional<std::string> name = std::nullopt;
};

}  // namespace coredepot
