#include "decoder/dwarf/scope_name.hpp"

#include <cstdlib>
#include <memory>

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

struct FreeDeleter {
    void operator()(void* memory) const { std::free(memory); }  // NOLINT(*-no-malloc)
};

/// DW_LANG_...; 0: unknown.
int language_of(Dwarf_Die* die) {
    Dwarf_Die unit;
    return dwarf_diecu(die, &unit, nullptr, nullptr) == nullptr ? 0 : dwarf_srclang(&unit);
}

}  // namespace

bool is_c(Dwarf_Die die) {
    const int language = language_of(&die);
    return language == DW_LANG_C || language == DW_LANG_C89 || language == DW_LANG_C99 ||
           language == DW_LANG_C11;
}

bool is_cpp(Dwarf_Die die) {
    const int language = language_of(&die);
    return language == DW_LANG_C_plus_plus || language == DW_LANG_C_plus_plus_03 ||
           language == DW_LANG_C_plus_plus_11 || language == DW_LANG_C_plus_plus_14;
}

Dwarf_Die declaration_of(Dwarf_Die die) {
    // From a concrete function to its abstract one, and to the member's declaration.
    constexpr int kMaxHops = 4;
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

std::vector<Dwarf_Die> scopes_around(const Dwarf_Die& die) {
    Dwarf_Die declared = declaration_of(die);
    Dwarf_Die* scopes = nullptr;
    const int count = dwarf_getscopes_die(&declared, &scopes);
    const std::unique_ptr<Dwarf_Die, FreeDeleter> owner{scopes};
    std::vector<Dwarf_Die> around;
    for (int i = count; i-- > 1;) {  // from the inside out; the first is the DIE itself
        around.push_back(scopes[i]);
    }
    return around;
}

std::string enclosing_scopes(const Dwarf_Die& die) {
    Dwarf_Die own = die;
    if (!is_cpp(die) && language_of(&own) != DW_LANG_Rust) {
        return "";
    }
    std::string text;
    for (Dwarf_Die& scope : scopes_around(die)) {
        const int tag = dwarf_tag(&scope);
        const char* const name = dwarf_diename(&scope);
        if (tag == DW_TAG_namespace) {
            text += std::string{name == nullptr ? "(anonymous namespace)" : name} + "::";
        } else if (name != nullptr && (tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
                                       tag == DW_TAG_union_type)) {
            text += std::string{name} + "::";
        }
    }
    return text;
}

}  // namespace coredepot::decoder
