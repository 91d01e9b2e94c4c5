#include "decoder/elf/demangle.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

#include "decoder/bytes/printable.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

/// The demangler recurses as deep as a name nests: longer names are shown as the linker has them.
constexpr std::size_t kMaxMangledName = 2048;

struct DemangledDeleter {
    void operator()(void* memory) const { std::free(memory); }  // NOLINT(*-no-malloc)
};

std::string demangled(std::string_view symbol) {
    if (!symbol.starts_with("_Z") || symbol.size() > kMaxMangledName) {
        return {};
    }
    int status = 0;
    const std::unique_ptr<char, DemangledDeleter> text{
        abi::__cxa_demangle(std::string{symbol}.c_str(), nullptr, nullptr, &status)};
    return status == 0 && text ? text.get() : "";
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

/// By how much `c` changes the depth of brackets.
int nesting(char c) {
    return c == '<' || c == '(' || c == '{' ? 1 : c == '>' || c == ')' || c == '}' ? -1 : 0;
}

/// Where an operator's name, which may have blanks and brackets of its own, starts outside of all
/// brackets; the size of `text`: it has none.
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

/// `int ns::add<int>(int, int) const` -> `ns::add<int>`. The demangler gives the return type of
/// templates; it ends at the last blank outside of all brackets, before an operator's name.
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

std::optional<std::string> cpp_function_name(std::string_view symbol) {
    const std::string text = demangled(symbol);
    return text.empty() ? std::nullopt : std::optional{printable(without_signature(text))};
}

std::string full_name(std::string_view symbol) {
    const std::string text = demangled(symbol);
    return printable(text.empty() ? symbol : std::string_view{text});
}

std::string readable_name(std::string_view symbol) {
    return cpp_function_name(symbol).value_or(printable(symbol));
}

}  // namespace coredepot::decoder
