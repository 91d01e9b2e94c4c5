#include "decoder/diagnosis/rust_impl.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace coredepot::decoder {
namespace {

constexpr auto kAbsent = std::string_view::npos;

/// The position of `word` outside brackets.
std::size_t find_outside(std::string_view text, std::string_view word) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (depth == 0 && text.substr(i).starts_with(word)) return i;
        if (c == '<' || c == '(' || c == '[' || c == '{') ++depth;
        const bool arrow = c == '>' && i > 0 && text[i - 1] == '-';
        if ((c == '>' && !arrow) || c == ')' || c == ']' || c == '}') --depth;
    }
    return kAbsent;
}

bool is_of_library_crate(std::string_view path) {
    constexpr std::array<std::string_view, 3> kCrates = {"core::", "alloc::", "std::"};
    return std::ranges::any_of(kCrates, [&](auto crate) { return path.starts_with(crate); });
}

}  // namespace

RustImpl rust_impl_in(std::string_view inner) {
    constexpr std::string_view kImpl = "impl ";
    constexpr std::string_view kFor = " for ";
    constexpr std::string_view kAs = " as ";
    if (inner.starts_with(kImpl)) {
        inner.remove_prefix(kImpl.size());
        const auto split = find_outside(inner, kFor);
        if (split == kAbsent) return {inner, {}};
        return {inner.substr(split + kFor.size()), inner.substr(0, split)};
    }
    const auto split = find_outside(inner, kAs);
    if (split == kAbsent) return {inner, {}};
    return {inner.substr(0, split), inner.substr(split + kAs.size())};
}

bool is_rust_path(std::string_view path) {
    return find_outside(path, "::") != kAbsent;
}

bool is_of_rust_library(std::string_view name) {
    if (!name.starts_with('<')) return false;
    const auto end = find_outside(name.substr(1), ">::");
    if (end == kAbsent) return false;
    const auto [type, trait] = rust_impl_in(name.substr(1, end));
    const bool of_library =
        !is_rust_path(type) || is_of_library_crate(type) || type.starts_with('&');
    return of_library && (trait.empty() ? !type.starts_with('&') : is_of_library_crate(trait));
}

}  // namespace coredepot::decoder
