#include "decoder/elf/demangle.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>

#include "decoder/bytes/printable.hpp"
#include "text/ascii.hpp"

/// Part of libiberty. Its header would define macros with the names of some of our functions.
extern "C" char* rust_demangle(const char* mangled, int options);

namespace coredepot::decoder {
namespace {

/// The demangler recurses as deep as a name nests, so longer names are shown as the linker has
/// them.
constexpr std::size_t kMaxMangledName = 2048;

struct DemangledDeleter {
    void operator()(void* memory) const { std::free(memory); }  // NOLINT(*-no-malloc)
};

using Demangled = std::unique_ptr<char, DemangledDeleter>;

std::string cpp_name(std::string_view symbol) {
    if (!symbol.starts_with("_Z") || symbol.size() > kMaxMangledName) {
        return {};
    }
    int status = 0;
    const Demangled text{
        abi::__cxa_demangle(std::string{symbol}.c_str(), nullptr, nullptr, &status)};
    return status == 0 && text ? text.get() : "";
}

/// `_R...`, and the names of older compilers, which look like C++: `_ZN...17h0123456789abcdefE`.
std::string rust_name(std::string_view symbol) {
    constexpr std::size_t kHashed = 20;  // from "17h" on
    const bool legacy = symbol.starts_with("_ZN") && symbol.ends_with('E') &&
                        symbol.size() > kHashed &&
                        symbol.substr(symbol.size() - kHashed).starts_with("17h");
    // Names that refer to parts of themselves, which refer to other parts, can grow without limit.
    constexpr std::ptrdiff_t kMaxReferences = 32;
    if ((!legacy && !symbol.starts_with("_R")) || symbol.size() > kMaxMangledName ||
        (!legacy && std::ranges::count(symbol, 'B') > kMaxReferences)) {
        return {};
    }
    const Demangled text{rust_demangle(std::string{symbol}.c_str(), 0)};
    return text ? text.get() : "";
}

/// Where the bracket opens that closes at `close`; npos: nowhere.
std::size_t opening(std::string_view text, std::size_t close) {
    int depth = 0;
    for (std::size_t i = close + 1; i-- > 0;) {
        depth += text[i] == ')' ? 1 : text[i] == '(' ? -1 : 0;
        if (depth == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

/// How much `c` changes the depth of brackets.
int nesting(char c) {
    return c == '<' || c == '(' || c == '{' ? 1 : c == '>' || c == ')' || c == '}' ? -1 : 0;
}

/// Where an operator's name, which may contain blanks and brackets, starts outside all brackets;
/// the size of `text` when there is none.
std::size_t operator_name(std::string_view text) {
    constexpr std::string_view kOperator = "operator";
    const auto in_identifier = [&](std::size_t i) {
        return i < text.size() && (is_letter_or_digit(text[i]) || text[i] == '_');
    };
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_word = i == 0 || !in_identifier(i - 1);
        if (depth == 0 && starts_word && text.substr(i).starts_with(kOperator) &&
            !in_identifier(i + kOperator.size())) {
            return i;
        }
        depth += nesting(text[i]);
    }
    return text.size();
}

/// `int ns::add<int>(int, int) const` -> `ns::add<int>`. For templates, the demangler also gives
/// the return type. It ends at the last blank outside all brackets and before an operator's name.
std::string without_signature(std::string_view text) {
    const auto close = text.rfind(')');
    if (close == std::string_view::npos || text.find("::", close) != std::string_view::npos) {
        return std::string{text};
    }
    const auto open = opening(text, close);
    if (open == std::string_view::npos || open == 0) {
        return std::string{text};
    }
    text = text.substr(0, open);
    int depth = 0;
    for (std::size_t i = operator_name(text); i-- > 0;) {
        depth -= nesting(text[i]);
        if (text[i] == ' ' && depth == 0) {
            return std::string{text.substr(i + 1)};
        }
    }
    return std::string{text};
}

}  // namespace

std::optional<std::string> demangled_function_name(std::string_view symbol) {
    if (const std::string name = rust_name(symbol); !name.empty()) {
        return printable(name);
    }
    const std::string text = cpp_name(symbol);
    return text.empty() ? std::nullopt : std::optional{printable(without_signature(text))};
}

std::string full_name(std::string_view symbol) {
    const std::string rust = rust_name(symbol);
    const std::string text = rust.empty() ? cpp_name(symbol) : rust;
    return printable(text.empty() ? symbol : std::string_view{text});
}

std::string readable_name(std::string_view symbol) {
    return demangled_function_name(symbol).value_or(printable(symbol));
}

}  // namespace coredepot::decoder
