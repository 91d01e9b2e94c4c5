#pragma once

#include <string_view>

#include "decoder/diagnosis/meaning.hpp"

/// Source files that are known by their paths.
namespace coredepot::decoder {

struct KnownFiles {
    std::string_view part;  ///< of its path, from a slash on
    Part whose;
    std::string_view rule;
    Means means = Means::Nothing;
};

/// The first that fits the path `file`, with slashes. Null: none does.
const KnownFiles* find_files(std::string_view file);

/// The name of the file at `path`, of either kind of slashes.
std::string_view base_name(std::string_view path);

}  // namespace coredepot::decoder
