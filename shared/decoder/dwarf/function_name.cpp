#include "decoder/dwarf/function_name.hpp"

#include <utility>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

/// A string attribute of `die`, or of the declaration that it completes or was inlined from.
const char* string_attribute(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, name, &attribute) == nullptr ? nullptr
                                                                  : dwarf_formstring(&attribute);
}

}  // namespace

std::string function_name(Dwarf_Die* die) {
    // In C++ and Rust, the linkage name has the namespaces, which the plain name lacks.
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
    return printable(enclosing_scopes(*die) + name);
}

std::string enclosing_functions(const Dwarf_Die& die) {
    std::string text;
    for (Dwarf_Die& scope : scopes_around(die)) {
        if (dwarf_tag(&scope) != DW_TAG_subprogram) {
            continue;
        }
        const std::string name = function_name(&scope);
        text += (text.empty() ? "" : "::") + (name == "operator()" ? "{lambda}" : name);
    }
    return text;
}

bool is_local_function(Dwarf_Die* die) {
    Dwarf_Attribute attribute;
    return (is_c(*die) || is_cpp(*die)) &&
           dwarf_attr_integrate(die, DW_AT_external, &attribute) == nullptr;
}

}  // namespace coredepot::decoder
