#pragma once

#include <cstddef>

#include "decoder/dwarf/frame_table.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/index/debug_index.hpp"
#include "decoder/index/function_index.hpp"
#include "decoder/index/index_store.hpp"
#include "decoder/index/line_index.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// An application ELF, and everything about it that is the same for every dump.
class PreparedElf {
  public:
    /// Loads the index from `store`. If it is not there, builds it and stores it there. Throws
    /// Undecodable.
    PreparedElf(ElfFile file, const IndexStore& store, const Deadline& deadline);

    const ApplicationElf& elf() const { return elf_; }
    const SymbolTable& symbols() const { return symbols_; }
    const DebugIndex& index() const { return index_; }
    /// Empty for an Xtensa application, whose tables say no more than the windowed ABI does.
    const FrameTables& frames() const { return frames_; }
    /// These two grow while dumps are decoded, one dump at a time.
    FunctionIndex& functions() const { return functions_; }
    LineIndex& lines() const { return lines_; }

    /// A handle for one dump; null when the ELF has no debug information. It is not kept, because
    /// libdw keeps everything that it was ever asked for in memory. With a hostile ELF, that would
    /// become too much some day.
    DwarfHandle open_dwarf() const;

    /// Its size in memory, in bytes.
    std::size_t memory() const;

  private:
    DebugIndex load_or_build(const IndexStore& store, const Deadline& deadline) const;
    FrameTables read_frames() const;

    ApplicationElf elf_;
    SymbolTable symbols_;
    DebugIndex index_;
    FrameTables frames_;
    mutable FunctionIndex functions_;
    mutable LineIndex lines_;
};

}  // namespace coredepot::decoder
