#include "core/registry/display_name.hpp"

#include <cstddef>

#include "core/errors.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {

void require_display_name(const std::string& name, const std::string& member) {
    constexpr std::size_t kMaxCharacters = 255;
    const auto characters = character_count(name);
    if (characters < 1 || characters > kMaxCharacters) {
        throw ValidationFailed(member + " must have 1 to 255 characters");
    }
    if (!is_utf8(name) || name.find('\0') != std::string::npos) {
        throw ValidationFailed(member + " must be text without NUL characters");
    }
}

}  // namespace coredepot::core
