#include "text/integers.hpp"

#include <cstddef>

namespace coredepot {

std::string with_thousands(std::uint64_t number) {
    constexpr std::size_t kGroup = 3;
    auto text = std::to_string(number);
    for (std::size_t end = text.size(); end > kGroup; end -= kGroup)
        text.insert(end - kGroup, 1, ',');
    return text;
}

}  // namespace coredepot
