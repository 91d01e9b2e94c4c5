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
    std::optional<Dwarf_Die> target;  ///< the called function; empty: a call through a pointer
    /// DW_AT_call_target of a call through a pointer. Its value is the called address. Empty: not
    /// recorded.
    std::optional<Dwarf_Attribute> target_address{};
    bool tail_call = false;  ///< a jump; the called function returns to the caller's caller
};

/// All calls in `function`, including those in inlined bodies; empty when none are described.
std::vector<CallSite> call_sites(const Dwarf_Die& function, const Deadline& deadline);

/// The calls that frames wait in. Tasks wait in the same few places, so each place is looked up
/// only once.
class CallSites {
  public:
    /// `deadline` must outlive this object.
    explicit CallSites(const Deadline& deadline) : deadline_{deadline} {}

    /// The call in `function` that returns to `return_address`; empty when none is described.
    const std::optional<CallSite>& at(const Dwarf_Die& function, std::uint32_t return_address);

  private:
    const Deadline& deadline_;
    std::map<std::pair<const void*, std::uint32_t>, std::optional<CallSite>> known_;
};

/// DW_AT_call_value of the parameter that the call passes in register `number`, as the caller
/// numbers it.
std::optional<Dwarf_Attribute> call_value(const CallSite& site, std::size_t number,
                                          const Deadline& deadline);

/// DW_AT_call_value of `parameter`, for which the called function has no register. GCC removed the
/// parameter because the function no longer needs it.
std::optional<Dwarf_Attribute> call_value_of(const CallSite& site, const Dwarf_Die& parameter,
                                             const Deadline& deadline);

/// The name by which the linker knows a function; empty when it has none.
std::string_view linker_name(const Dwarf_Die& function);

/// Whether two DIEs describe the same function: as a declaration, an abstract instance or a
/// concrete one.
bool same_function(const Dwarf_Die& one, const Dwarf_Die& other);

}  // namespace coredepot::decoder
