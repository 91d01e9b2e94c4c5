#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// The functions that the symbol table of an application ELF names, also those of the chip's mask
/// ROM: ESP-IDF's linker scripts provide the latter as absolute symbols. Refers to the ELF.
class SymbolTable {
  public:
    SymbolTable(const ApplicationElf& elf, const Deadline& deadline);

    /// Bytes that it takes.
    std::size_t memory() const {
        return (symbols_.capacity() + objects_.capacity()) * sizeof(Symbol);
    }

    struct Match {
        std::string_view name;  ///< as the linker has it: mangled, not checked for UTF-8
        std::uint32_t start = 0;
        std::uint32_t end = 0;  ///< the address after the last; that of the next symbol, where the
                                ///< symbol has no size
    };
    /// The function that `address` lies in.
    std::optional<Match> find(std::uint32_t address) const;

    /// Where the function before `address`, which is in none, ends and where the next one starts. A
    /// symbol without size ends where it starts.
    Match gap_around(std::uint32_t address) const;

    /// All names of the function with code of its own that starts at `address`, sorted: a compiler
    /// or a linker makes one of those that do the same.
    std::vector<std::string_view> names_at(std::uint32_t address) const;

    /// Where the function that the linker calls `name` starts; empty: no such function.
    std::optional<std::uint32_t> address_of(std::string_view name) const;

    /// The address after the highest of the stack that Rust's esp-hal starts with, as its linker
    /// script has it (`_stack_start`); empty: no such firmware.
    std::optional<std::uint32_t> rust_stack_end() const { return rust_stack_end_; }

    /// Whether an absolute symbol is at exactly `address`: the entry of a function in mask ROM.
    bool is_rom_entry(std::uint32_t address) const;

    /// `panic_abort+21`, as gdb shows registers: the linker's name; empty: no function there.
    std::string describe(std::uint32_t address) const;

    /// The same for functions and variables, as gdb shows values: `xKernelLock`,
    /// `net::run(void*)`; empty: `address` is in neither.
    std::string describe_any(std::uint32_t address) const;

  private:
    struct Symbol {
        std::uint32_t start;
        std::uint32_t size;
        std::string_view name;
        bool absolute;
        int rank;  ///< of symbols at the same address the highest is shown
    };
    std::vector<Symbol> symbols_;  // by start, then rank
    std::vector<Symbol> objects_;  // variables; the same
    std::optional<std::uint32_t> rust_stack_end_;
};

}  // namespace coredepot::decoder
