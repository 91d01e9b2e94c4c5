#pragma once

#include <regex>
#include <set>
#include <string>

#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// A file of the project by its path in it.
inline std::string source(const std::string& path) {
    return content_of(COREDEPOT_SOURCE_DIR "/" + path);
}

/// All that `expression` matches, its first group.
inline std::set<std::string> matches(const std::string& text, const std::string& expression) {
    const std::regex wanted(expression);
    std::set<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), wanted), end; match != end; ++match) {
        found.insert((*match)[1]);
    }
    return found;
}

}  // namespace coredepot::test
