#pragma once

#include <string_view>

#include "decoder/diagnosis/meaning.hpp"

/// Source files that are known by their paths.
namespace coredepot::decoder {

struct KnownFiles {
    std::string_view part;  ///< of the path, starting at a slash
    Part whose;
    std::string_view rule;
    Means means = Means::Nothing;
};

/// The first entry that matches the path `file`, which has forward slashes. Null when none does.
const KnownFiles* find_files(std::string_view file);

/// The name of the file at `path`, which may have slashes or backslashes.
std::string_view base_name(std::string_view path);

}  // namespace coredepot::decoder
