#include "decoder/function_name.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>
#include <dwarf.h>

#include "decoder/printable.hpp"

namespace coredepot::decoder {
namespace {

/// The demangler recurses as deep as a name nests: longer names are shown as the linker has them.
constexpr std::size_t kMaxMangledName = 2048;

struct FreeDeleter {
    void operator()(char* text) const { std::free(text); }  // NOLINT(*-no-malloc)
};

std::string demangled(std::string_view symbol) {
    if (!symbol.starts_with("_Z") || symbol.size() > kMaxMangledName) {
        return {};
    }
    int status = 0;
    const std::unique_ptr<char, FreeDeleter> text{
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

/// A string attribute of `die`, or of the declaration that it completes or was inlined from.
const char* string_attribute(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, name, &attribute) == nullptr ? nullptr
                                                                  : dwarf_formstring(&attribute);
}

}  // namespace

std::string function_name(Dwarf_Die* die) {
    // Only C++ has linkage names that differ from the plain name, which lacks the namespaces.
    for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        if (const char* const linkage = string_attribute(die, attribute); linkage != nullptr) {
            if (const std::string text = demangled(linkage); !text.empty()) {
                return printable(without_signature(text));
            }
        }
    }
    const char* const name = string_attribute(die, DW_AT_name);
    return name == nullptr ? "" : printable(name);
}

std::string readable_name(std::string_view symbol) {
    const std::string text = demangled(symbol);
    return printable(text.empty() ? symbol : without_signature(text));
}

}  // namespace coredepot::decoder
