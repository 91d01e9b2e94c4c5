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

/// An application ELF and all about it that is the same for every dump.
class PreparedElf {
  public:
    /// The index comes from `store` if that has it, and goes there if not. Throws Undecodable.
    PreparedElf(ElfFile file, const IndexStore& store, const Deadline& deadline);

    const ApplicationElf& elf() const { return elf_; }
    const SymbolTable& symbols() const { return symbols_; }
    const DebugIndex& index() const { return index_; }
    /// Those of an Xtensa application say no more than the windowed ABI does, and are left out.
    const FrameTables& frames() const { return frames_; }
    /// These two grow as dumps are decoded, one at a time.
    FunctionIndex& functions() const { return functions_; }
    LineIndex& lines() const { return lines_; }

    /// A handle for one dump; null: the ELF has no debug information. It is not kept, because all
    /// that libdw was ever asked for stays in its memory: some day a hostile ELF's too much.
    DwarfHandle open_dwarf() const;

    /// Bytes that it takes.
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
