#pragma once

#include <optional>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// The type as C writes it, without a variable's name: `const char *`, `struct list_t`, `int [4]`.
std::string type_name(std::optional<Dwarf_Die> type);

}  // namespace coredepot::decoder
