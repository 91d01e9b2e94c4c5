#include "decoder/dwarf/call_site.hpp"

#include <dwarf.h>

#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"

namespace coredepot::decoder {
namespace {

/// A function has about a hundred calls, in the largest interpreters some thousand.
constexpr std::size_t kMaxCallSites = 4096;
/// Blocks nest as deeply as in the source, plus inlining.
constexpr int kMaxBlockDepth = 64;
/// A concrete instance refers to an abstract one, which refers to a declaration.
constexpr int kMaxOrigins = 4;

std::optional<Dwarf_Die> reference(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (dwarf_attr(&die, name, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &target) == nullptr) {
        return std::nullopt;
    }
    return target;
}

/// The address that the call described by `die` returns to; empty if unknown.
std::optional<std::uint32_t> return_address_of(Dwarf_Die& die) {
    Dwarf_Attribute attribute;
    Dwarf_Addr address = 0;
    // DWARF 5 has its own attribute for this; GCC's extension of DWARF 4 uses DW_AT_low_pc.
    const bool found = dwarf_attr(&die, DW_AT_call_return_pc, &attribute) != nullptr ||
                       dwarf_attr(&die, DW_AT_low_pc, &attribute) != nullptr;
    if (!found || dwarf_formaddr(&attribute, &address) != 0 || address > UINT32_MAX) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(address);
}

CallSite read_call_site(Dwarf_Die& die, std::uint32_t return_address) {
    CallSite site{die, return_address, reference(die, DW_AT_call_origin)};
    if (!site.target) {
        site.target = reference(die, DW_AT_abstract_origin);
    }
    Dwarf_Attribute attribute;
    if (dwarf_attr(&die, DW_AT_call_target, &attribute) != nullptr ||
        dwarf_attr(&die, DW_AT_GNU_call_site_target, &attribute) != nullptr) {
        site.target_address = attribute;
    }
    site.tail_call = has_flag(die, DW_AT_call_tail_call) || has_flag(die, DW_AT_GNU_tail_call);
    return site;
}

/// Calls `visit(die, return_address)` for the calls in `parent`, in order, until it returns false.
/// Returns false if it did.
template <typename Visit>
bool visit_calls(const Dwarf_Die& parent, int depth, const Deadline& deadline, Visit& visit) {
    bool goes_on = true;
    for_each_child(parent, deadline, [&](Dwarf_Die& child) {
        switch (dwarf_tag(&child)) {
            case DW_TAG_call_site:
            case DW_TAG_GNU_call_site:
                if (const auto address = return_address_of(child)) {
                    goes_on = visit(child, *address);
                }
                break;
            case DW_TAG_lexical_block:
            case DW_TAG_inlined_subroutine:
            case DW_TAG_try_block:
            case DW_TAG_catch_block:
                if (depth < kMaxBlockDepth) {
                    goes_on = visit_calls(child, depth + 1, deadline, visit);
                }
                break;
            default:
                break;
        }
        return goes_on;
    });
    return goes_on;
}

/// DW_AT_call_value of the first parameter for which `is_wanted` is true.
template <typename IsWanted>
std::optional<Dwarf_Attribute> value_of_parameter(const CallSite& site, const Deadline& deadline,
                                                  IsWanted is_wanted) {
    std::optional<Dwarf_Attribute> found;
    for_each_child(site.die, deadline, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        Dwarf_Attribute value;
        if ((tag == DW_TAG_call_site_parameter || tag == DW_TAG_GNU_call_site_parameter) &&
            is_wanted(child) &&
            (dwarf_attr(&child, DW_AT_call_value, &value) != nullptr ||
             dwarf_attr(&child, DW_AT_GNU_call_site_value, &value) != nullptr)) {
            found = value;
        }
        return !found;
    });
    return found;
}

/// The DIE that all instances of a function refer to in the end.
Dwarf_Die origin_of(Dwarf_Die die) {
    for (int i = 0; i < kMaxOrigins; ++i) {
        auto origin = reference(die, DW_AT_abstract_origin);
        if (!origin) {
            origin = reference(die, DW_AT_specification);
        }
        if (!origin) {
            break;
        }
        die = *origin;
    }
    return die;
}

}  // namespace

std::vector<CallSite> call_sites(const Dwarf_Die& function, const Deadline& deadline) {
    std::vector<CallSite> sites;
    auto collect = [&](Dwarf_Die& die, std::uint32_t return_address) {
        sites.push_back(read_call_site(die, return_address));
        return sites.size() < kMaxCallSites;
    };
    visit_calls(function, 0, deadline, collect);
    return sites;
}

const std::optional<CallSite>& CallSites::at(const Dwarf_Die& function,
                                             std::uint32_t return_address) {
    const auto [entry, is_new] = known_.try_emplace({function.addr, return_address});
    auto& found = entry->second;
    auto compare = [&](Dwarf_Die& die, std::uint32_t address) {
        if (address == return_address) {
            found = read_call_site(die, address);
        }
        return !found;
    };
    if (is_new) {
        visit_calls(function, 0, deadline_, compare);
    }
    return found;
}

std::optional<Dwarf_Attribute> call_value(const CallSite& site, std::size_t number,
                                          const Deadline& deadline) {
    return value_of_parameter(site, deadline, [number](Dwarf_Die& parameter) {
        Dwarf_Attribute location;
        Dwarf_Op* program = nullptr;
        std::size_t length = 0;
        if (dwarf_attr(&parameter, DW_AT_location, &location) == nullptr ||
            dwarf_getlocation(&location, &program, &length) != 0 || length != 1) {
            return false;
        }
        const bool named = program->atom >= DW_OP_reg0 && program->atom <= DW_OP_reg31 &&
                           program->atom == DW_OP_reg0 + number;
        return named || (program->atom == DW_OP_regx && program->number == number);
    });
}

std::optional<Dwarf_Attribute> call_value_of(const CallSite& site, const Dwarf_Die& parameter,
                                             const Deadline& deadline) {
    return value_of_parameter(site, deadline, [&parameter](Dwarf_Die& passed) {
        auto of = reference(passed, DW_AT_call_parameter);
        if (!of) {
            of = reference(passed, DW_AT_abstract_origin);
        }
        return of && of->addr == parameter.addr;
    });
}

std::string_view linker_name(const Dwarf_Die& function) {
    Dwarf_Die die = function;
    Dwarf_Attribute attribute;
    const char* name = nullptr;
    if (dwarf_attr_integrate(&die, DW_AT_linkage_name, &attribute) != nullptr ||
        dwarf_attr_integrate(&die, DW_AT_MIPS_linkage_name, &attribute) != nullptr) {
        name = dwarf_formstring(&attribute);
    }
    if (name == nullptr) {
        name = dwarf_diename(&die);
    }
    return name == nullptr ? "" : name;
}

bool same_function(const Dwarf_Die& one, const Dwarf_Die& other) {
    const Dwarf_Die first = origin_of(one);
    const Dwarf_Die second = origin_of(other);
    if (first.addr == second.addr) {
        return true;
    }
    // A unit has its own declarations of other units' functions that it calls: only the names
    // agree.
    const std::string_view name = linker_name(first);
    return !name.empty() && name == linker_name(second);
}

}  // namespace coredepot::decoder
