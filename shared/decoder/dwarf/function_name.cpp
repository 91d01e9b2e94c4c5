#include "decoder/dwarf/function_name.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

struct FreeDeleter {
    void operator()(void* memory) const { std::free(memory); }  // NOLINT(*-no-malloc)
};

/// A string attribute of `die`, or of the declaration that it completes or was inlined from.
const char* string_attribute(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, name, &attribute) == nullptr ? nullptr
                                                                  : dwarf_formstring(&attribute);
}

/// DW_LANG_...; 0: unknown.
int language_of(Dwarf_Die* die) {
    Dwarf_Die unit;
    return dwarf_diecu(die, &unit, nullptr, nullptr) == nullptr ? 0 : dwarf_srclang(&unit);
}

bool is_cpp(int language) {
    return language == DW_LANG_C_plus_plus || language == DW_LANG_C_plus_plus_03 ||
           language == DW_LANG_C_plus_plus_11 || language == DW_LANG_C_plus_plus_14;
}

bool is_c(int language) {
    return language == DW_LANG_C || language == DW_LANG_C89 || language == DW_LANG_C99 ||
           language == DW_LANG_C11;
}

/// Whether functions are in namespaces: in C++ and Rust.
bool has_namespaces(Dwarf_Die* die) {
    const int language = language_of(die);
    return is_cpp(language) || language == DW_LANG_Rust;
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
    // C++ and Rust have linkage names that differ from the plain name, which lacks the namespaces.
    for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        if (const char* const linkage = string_attribute(die, attribute); linkage != nullptr) {
            if (auto demangled = demangled_function_name(linkage)) {
                return *std::move(demangled);
            }
        }
    }
    const char* const name = string_attribute(die, DW_AT_name);
    if (name == nullptr) {
        return "";
    }
    return printable(has_namespaces(die) ? enclosing_scopes(*die) + name : name);
}

std::string enclosing_functions(const Dwarf_Die& die) {
    Dwarf_Die declared = declaration(die);
    Dwarf_Die* scopes = nullptr;
    const int count = dwarf_getscopes_die(&declared, &scopes);
    const std::unique_ptr<Dwarf_Die, FreeDeleter> owner{scopes};
    std::string text;
    for (int i = count; i-- > 1;) {  // the first is the function itself
        if (dwarf_tag(&scopes[i]) != DW_TAG_subprogram) {
            continue;
        }
        const std::string name = function_name(&scopes[i]);
        text += (text.empty() ? "" : "::") + (name == "operator()" ? "{lambda}" : name);
    }
    return text;
}

bool is_local_function(Dwarf_Die* die) {
    const int language = language_of(die);
    Dwarf_Attribute attribute;
    return (is_c(language) || is_cpp(language)) &&
           dwarf_attr_integrate(die, DW_AT_external, &attribute) == nullptr;
}

}  // namespace coredepot::decoder
