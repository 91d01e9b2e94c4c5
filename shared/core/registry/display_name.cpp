#include "core/registry/display_name.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {

void require_display_name(const std::string& name, const std::string& member) {
    constexpr auto kMaxCharacters = 255;
    // Every byte except a continuation byte (10xxxxxx) starts a character.
    const auto characters = std::ranges::count_if(
        name, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
    if (characters < 1 || characters > kMaxCharacters) {
        throw ValidationFailed(member + " must have 1 to 255 characters");
    }
    if (!is_utf8(name) || name.find('\0') != std::string::npos) {
        throw ValidationFailed(member + " must be text without NUL characters");
    }
}

}  // namespace coredepot::core
