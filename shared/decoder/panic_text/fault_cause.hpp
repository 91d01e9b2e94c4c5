#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// The number by which a core dump tells the cause of an exception (exception_names.hpp).
/// `name`: as the panic handler prints it, empty where it prints none; `printed`: EXCCAUSE or
/// MCAUSE of its register dump. Empty: neither tells.
std::optional<std::uint32_t> fault_cause(Architecture architecture, std::string_view name,
                                         std::optional<std::uint32_t> printed);

}  // namespace coredepot::decoder
