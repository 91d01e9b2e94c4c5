#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/bytes/cursor.hpp"
#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

/// The sections of an ELF that line tables consist of.
struct LineSections {
    std::span<const std::byte> lines;         ///< `.debug_line`
    std::span<const std::byte> line_strings;  ///< `.debug_line_str`, of DWARF 5
    std::span<const std::byte> strings;       ///< `.debug_str`

    static LineSections of(const ApplicationElf& elf) {
        return {elf.section(".debug_line").bytes, elf.section(".debug_line_str").bytes,
                elf.section(".debug_str").bytes};
    }
};

/// The beginning of a compilation unit's line table (DWARF 5, section 6.2.4; DWARF 2 to 4 have
/// lists of directories and files in another form). Refers to the sections.
class LineHeader {
  public:
    /// How to read the numbers in the program.
    struct Coding {
        std::uint8_t instruction_bytes = 1;  ///< of the smallest instruction
        bool begins_as_statement = false;
        std::int8_t line_base = 0;
        std::uint8_t line_range = 0;  ///< not zero
        /// How many operands the opcodes from 1 on have. All operands of an unknown opcode are
        /// ULEB128.
        std::span<const std::byte> operands;

        std::uint8_t first_special() const {
            return static_cast<std::uint8_t>(operands.size() + 1);
        }
    };

    /// Reads the table at `offset` of `.debug_line`. `directory` is where the compiler ran
    /// (DW_AT_comp_dir; empty: unknown). Empty when there is no such table, or it is damaged.
    static std::optional<LineHeader> read(const LineSections& sections, std::size_t offset,
                                          std::string_view directory);

    const Coding& coding() const { return coding_; }
    std::span<const std::byte> program() const { return program_; }

    /// The path of the file that the program, or a DW_AT_call_file, calls `number`. The path is as
    /// the compiler was given it, and starts with the directory that was searched. Empty: there is
    /// no such file.
    std::string file(std::uint64_t number) const;

  private:
    /// One part of a list's entries in DWARF 5.
    struct Field {
        std::uint32_t content;  ///< DW_LNCT_...
        std::uint32_t form;     ///< DW_FORM_...
    };
    struct Entry {
        std::string_view name;
        std::uint32_t directory = 0;
    };

    std::string file_of_version_5(std::uint64_t number) const;
    std::string file_before_version_5(std::uint64_t number) const;
    static std::vector<Field> read_fields(Cursor& lists);
    Entry read_entry(Cursor& lists, const std::vector<Field>& fields) const;

    LineSections sections_;
    std::string_view directory_;
    std::uint16_t version_ = 0;
    Coding coding_;
    std::span<const std::byte> lists_;  // of directories and of files
    std::span<const std::byte> program_;

    explicit LineHeader(const LineSections& sections) : sections_{sections} {}
};

}  // namespace coredepot::decoder
