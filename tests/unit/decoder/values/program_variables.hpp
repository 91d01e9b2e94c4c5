#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include <dwarf.h>
#include <gtest/gtest.h>

#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/type_name.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/known_memory.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/memory.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/value_text.hpp"

namespace coredepot::decoder {

/// The variables of a program of `tests/data/values`, with what it would start with for a dump.
class ProgramVariables : public testing::Test {
  protected:
    explicit ProgramVariables(const std::string& file)
        : elf_{std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/values" / file,
               deadline_},
          symbols_{elf_, deadline_},
          dwarf_{dwarf_begin_elf(elf_.handle(), DWARF_C_READ, nullptr)} {
        ram_.add(elf_.section(".data"));
    }

    /// The DIE of a global variable.
    Dwarf_Die variable(const std::string& name) const {
        Dwarf_CU* unit = nullptr;
        Dwarf_Die die;
        std::uint8_t type = 0;
        std::optional<Dwarf_Die> found;
        while (dwarf_get_units(dwarf_.get(), unit, &unit, nullptr, &type, &die, nullptr) == 0) {
            for_each_child(die, deadline_, [&](Dwarf_Die& child) {
                const char* const its_name = dwarf_diename(&child);
                if (dwarf_tag(&child) == DW_TAG_variable && its_name != nullptr &&
                    name == its_name) {
                    found = child;
                }
                return !found;
            });
        }
        return found ? *found : throw std::runtime_error{"no variable " + name};
    }

    static std::uint32_t address(Dwarf_Die die) {
        Dwarf_Attribute attribute;
        Dwarf_Op* program = nullptr;
        std::size_t length = 0;
        dwarf_attr(&die, DW_AT_location, &attribute);
        return dwarf_getlocation(&attribute, &program, &length) == 0
                   ? static_cast<std::uint32_t>(program->number)
                   : 0;
    }

    /// The variable called `name`; only the first `known` bytes of it are in the dump.
    std::string value(const std::string& name, std::size_t known = SIZE_MAX) {
        Dwarf_Die die = variable(name);
        const Dwarf_Die type = type_of(die).value();
        const std::size_t size = type_size(type).value();
        Contents contents;
        const test::Bytes zeros(size);  // of .bss the ELF has no bytes
        const auto initial = ram_.from(address(die));
        contents.append((initial.empty() ? std::span<const std::byte>{zeros} : initial)
                            .first(std::min(size, known)));
        contents.append_gap(size - contents.bytes.size(), Gap::Unreadable);
        return ValueText{KnownMemory{ram_, elf_}, symbols_, deadline_}.write(type, contents);
    }

    std::string type(const std::string& name) const {
        Dwarf_Die die = variable(name);
        return type_name(type_of(die));
    }

    Deadline deadline_;
    ApplicationElf elf_;
    SymbolTable symbols_;
    DwarfHandle dwarf_;
    Memory ram_;
};

}  // namespace coredepot::decoder
