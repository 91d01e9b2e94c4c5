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

/// The functions in an application ELF's symbol table, including those of the chip's mask ROM:
/// ESP-IDF's linker scripts add these as absolute symbols. Refers to the ELF.
class SymbolTable {
  public:
    SymbolTable(const ApplicationElf& elf, const Deadline& deadline);

    /// Its size in bytes.
    std::size_t memory() const {
        return (symbols_.capacity() + objects_.capacity()) * sizeof(Symbol);
    }

    struct Match {
        std::string_view name;  ///< the linker's name: mangled, and perhaps not UTF-8
        std::uint32_t start = 0;
        /// The address after the last; the next symbol's when this one has no size.
        std::uint32_t end = 0;
    };
    /// The function that contains `address`.
    std::optional<Match> find(std::uint32_t address) const;

    /// For an `address` in no function: where the function before it ends and the next one starts.
    /// A symbol without a size ends where it starts.
    Match gap_around(std::uint32_t address) const;

    /// All names, sorted, of the function that starts at `address` and has code of its own.
    /// Compilers and linkers merge functions that do the same.
    std::vector<std::string_view> names_at(std::uint32_t address) const;

    /// Where the function starts that the linker calls `name`; empty when there is none.
    std::optional<std::uint32_t> address_of(std::string_view name) const;

    /// The end of the stack with which Rust's esp-hal starts, from its linker script
    /// (`_stack_start`): the address after the highest. Empty for other firmware.
    std::optional<std::uint32_t> rust_stack_end() const { return rust_stack_end_; }

    /// Whether an absolute symbol is exactly at `address`: the entry of a function in mask ROM.
    bool is_rom_entry(std::uint32_t address) const;

    /// `panic_abort+21`, as gdb shows registers, with the linker's name; empty when there is no
    /// function.
    std::string describe(std::uint32_t address) const;

    /// The same for functions and variables, as gdb shows values: `xKernelLock`, `net::run(void*)`;
    /// empty when `address` is in neither.
    std::string describe_any(std::uint32_t address) const;

  private:
    struct Symbol {
        std::uint32_t start;
        std::uint32_t size;
        std::string_view name;
        bool absolute;
        int rank;  ///< at the same address, the symbol with the highest rank is shown
    };
    std::vector<Symbol> symbols_;  // by start, then rank
    std::vector<Symbol> objects_;  // variables; the same
    std::optional<std::uint32_t> rust_stack_end_;
};

}  // namespace coredepot::decoder
