#include "decoder/elf/demangle.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

#include "decoder/bytes/printable.hpp"

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

/// `int ns::add<int>(int, int) const` -> `ns::add<int>`. The demangler gives the return type of
/// templates; it ends at the last blank outside of all brackets, unless an operator's name has it.
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
    if (text.find("operator") != std::string_view::npos) {
        return std::string{text};
    }
    int depth = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        const char c = text[i];
        depth += (c == '>' || c == ')' || c == '}')   ? 1
                 : (c == '<' || c == '(' || c == '{') ? -1
                                                      : 0;
        if (c == ' ' && depth == 0) {
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
