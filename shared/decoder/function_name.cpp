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
    void operator()(void* memory) const { std::free(memory); }  // NOLINT(*-no-malloc)
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

bool is_cpp(Dwarf_Die* die) {
    Dwarf_Die unit;
    if (dwarf_diecu(die, &unit, nullptr, nullptr) == nullptr) {
        return false;
    }
    const int language = dwarf_srclang(&unit);
    return language == DW_LANG_C_plus_plus || language == DW_LANG_C_plus_plus_03 ||
           language == DW_LANG_C_plus_plus_11 || language == DW_LANG_C_plus_plus_14;
}

/// The DIE that stands in the namespace or class that `die` belongs to: its declaration.
Dwarf_Die declaration(Dwarf_Die die) {
    constexpr int kMaxHops = 4;  // a concrete function, its abstract one, the member's declaration
    for (int hop = 0; hop < kMaxHops; ++hop) {
        Dwarf_Attribute attribute;
        Dwarf_Die next;
        const bool follows = dwarf_attr(&die, DW_AT_abstract_origin, &attribute) != nullptr ||
                             dwarf_attr(&die, DW_AT_specification, &attribute) != nullptr;
        if (!follows || dwarf_formref_die(&attribute, &next) == nullptr) {
            break;
        }
        die = next;
    }
    return die;
}

/// `__cxxabiv1::` of a function in C++ whose linker name does not tell: extern "C", and what is
/// inlined everywhere.
std::string enclosing_scopes(const Dwarf_Die& die) {
    Dwarf_Die declared = declaration(die);
    Dwarf_Die* scopes = nullptr;
    const int count = dwarf_getscopes_die(&declared, &scopes);
    const std::unique_ptr<Dwarf_Die, FreeDeleter> owner{scopes};
    std::string text;
    for (int i = 1; i < count; ++i) {  // from the inside out; the first is the function itself
        Dwarf_Die& scope = scopes[i];
        const int tag = dwarf_tag(&scope);
        const char* const name = dwarf_diename(&scope);
        if (tag == DW_TAG_namespace) {
            text.insert(0, std::string{name == nullptr ? "(anonymous namespace)" : name} + "::");
        } else if ((tag == DW_TAG_class_type || tag == DW_TAG_structure_type) && name != nullptr) {
            text.insert(0, std::string{name} + "::");
        }
    }
    return text;
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
    if (name == nullptr) {
        return "";
    }
    return printable(is_cpp(die) ? enclosing_scopes(*die) + name : name);
}

std::string full_name(std::string_view symbol) {
    const std::string text = demangled(symbol);
    return printable(text.empty() ? symbol : std::string_view{text});
}

std::string readable_name(std::string_view symbol) {
    const std::string text = demangled(symbol);
    return printable(text.empty() ? symbol : without_signature(text));
}

}  // namespace coredepot::decoder
