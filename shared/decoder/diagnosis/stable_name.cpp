#include "decoder/diagnosis/stable_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "decoder/diagnosis/name_rewriter.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

constexpr auto kNowhere = std::string_view::npos;

/// From GCC and LLVM. A number may follow each.
constexpr std::array<std::string_view, 10> kCloneSuffixes = {
    ".isra", ".constprop",  ".part",  ".cold", ".lto_priv",
    ".llvm", ".localalias", ".clone", ".ipcp", ".hot"};

/// The length of a suffix like `.isra.0` at the end of `name`; 0: there is none.
std::size_t clone_suffix(std::string_view name) {
    auto stem = name;
    while (!stem.empty() && is_digit(stem.back())) stem.remove_suffix(1);
    if (stem.size() < name.size()) {
        if (stem.empty() || stem.back() != '.') return 0;
        stem.remove_suffix(1);
    }
    for (const auto suffix : kCloneSuffixes) {
        if (stem.size() > suffix.size() && stem.ends_with(suffix)) {
            return name.size() - stem.size() + suffix.size();
        }
    }
    return 0;
}

/// The hash at the end of Rust's older names: `::h0123456789abcdef`.
bool ends_with_rust_hash(std::string_view name) {
    constexpr std::size_t kDigits = 16;
    constexpr std::string_view kMark = "::h";
    if (name.size() <= kMark.size() + kDigits) return false;
    const auto tail = name.substr(name.size() - kMark.size() - kDigits);
    return tail.starts_with(kMark) && std::ranges::all_of(tail.substr(kMark.size()), is_hex_digit);
}

/// Three functions call lambdas, and the caller decides which of them.
void cut_call_of_lambda(std::string& name) {
    for (const std::string_view call :
         {"::operator()<T>", "::operator()", "::_FUN<T>", "::_FUN", "::__invoke"}) {
        if (name.ends_with(call) &&
            std::string_view(name).substr(0, name.size() - call.size()).ends_with("{lambda}")) {
            name.resize(name.size() - call.size());
            return;
        }
    }
}

}  // namespace

std::string without_clone_suffix(std::string_view function) {
    for (auto clone = function.find(" [clone "); clone != kNowhere;
         clone = function.find(" [clone ")) {
        function = function.substr(0, clone);
    }
    for (auto suffix = clone_suffix(function); suffix > 0; suffix = clone_suffix(function)) {
        function.remove_suffix(suffix);
    }
    return std::string(function);
}

std::string whole_name(const Frame& frame) {
    const auto& name = frame.function;
    if (frame.within.empty() || name.find("::{lambda") != kNowhere ||
        name.starts_with(frame.within + "::")) {
        return name;
    }
    return frame.within + "::" + (name == "operator()" ? "{lambda}" : name);
}

std::string stable_name(std::string_view function) {
    constexpr std::size_t kRustHash = 19;
    const auto whole = without_clone_suffix(function);
    std::string_view plain = whole;
    if (ends_with_rust_hash(plain)) plain.remove_suffix(kRustHash);
    auto name = rewritten_name(plain);
    cut_call_of_lambda(name);
    return name;
}

}  // namespace coredepot::decoder
