#pragma once

#include <cstdlib>
#include <string_view>

namespace coredepot::test {

/// How often a fault test does what it does: `few` in `make test`, `many` in `make fault`.
inline int times(int few, int many) {
    const char* form = std::getenv("FAULT_TESTS");
    return form != nullptr && std::string_view(form) == "long" ? many : few;
}

}  // namespace coredepot::test
