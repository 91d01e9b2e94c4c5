#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// The number that a core dump would have for an exception's cause (exception_names.hpp). `name` is
/// the panic handler's name for it, or empty; `printed` is EXCCAUSE or MCAUSE in its register dump.
/// Empty when neither tells.
std::optional<std::uint32_t> fault_cause(Architecture architecture, std::string_view name,
                                         std::optional<std::uint32_t> printed);

}  // namespace coredepot::decoder
