#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// The debug information of a call (DW_TAG_call_site, or GCC's form of it before DWARF 5).
struct CallSite {
    Dwarf_Die die{};
    std::uint32_t return_address = 0;
    std::optional<Dwarf_Die> target;  ///< the function called; empty: through a pointer
    /// DW_AT_call_target of a call through a pointer, whose value is the address that is called;
    /// empty: not kept.
    std::optional<Dwarf_Attribute> target_address{};
    bool tail_call = false;  ///< a jump: what it calls returns to the caller's caller
};

/// All calls in `function`, those in bodies inlined into it included; empty: none are described.
std::vector<CallSite> call_sites(const Dwarf_Die& function, const Deadline& deadline);

/// The calls that frames wait in. Tasks wait in the same few places, each of which is looked up
/// once.
class CallSites {
  public:
    /// `deadline` must outlive this object.
    explicit CallSites(const Deadline& deadline) : deadline_{deadline} {}

    /// The call in `function` that returns to `return_address`; empty: none is described.
    const std::optional<CallSite>& at(const Dwarf_Die& function, std::uint32_t return_address);

  private:
    const Deadline& deadline_;
    std::map<std::pair<const void*, std::uint32_t>, std::optional<CallSite>> known_;
};

/// DW_AT_call_value of the parameter that the call passes in register `number`, by the caller's
/// numbering.
std::optional<Dwarf_Attribute> call_value(const CallSite& site, std::size_t number,
                                          const Deadline& deadline);

/// DW_AT_call_value of `parameter`, which the function called has no register for: GCC removed it,
/// as the function needs it no more.
std::optional<Dwarf_Attribute> call_value_of(const CallSite& site, const Dwarf_Die& parameter,
                                             const Deadline& deadline);

/// The name of a function for the linker; empty: it has none.
std::string_view linker_name(const Dwarf_Die& function);

/// Whether two DIEs stand for one function: a declaration, an abstract instance or a concrete one.
bool same_function(const Dwarf_Die& one, const Dwarf_Die& other);

}  // namespace coredepot::decoder
