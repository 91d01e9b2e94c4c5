#include "decoder/index/prepared_elf.hpp"

#include <utility>

#include "decoder/elf/alternate_debug.hpp"
#include "decoder/index/index_format.hpp"

namespace coredepot::decoder {

PreparedElf::PreparedElf(ElfFile file, const IndexStore& store, const Deadline& deadline)
    : elf_{std::move(file), deadline},
      symbols_{elf_, deadline},
      index_{load_or_build(store, deadline)},
      frames_{read_frames()} {}

DebugIndex PreparedElf::load_or_build(const IndexStore& store, const Deadline& deadline) const {
    const std::string& sha256 = elf_.sha256();
    if (const auto bytes = store.load ? store.load(sha256) : std::nullopt) {
        if (auto index = read_index(*bytes, sha256)) {
            return *std::move(index);
        }
    }
    DebugIndex index = build_index(open_dwarf().get(), elf_, deadline);
    if (store.save) {
        store.save(sha256, write_index(index, sha256));
    }
    return index;
}

DwarfHandle PreparedElf::open_dwarf() const {
    DwarfHandle dwarf{dwarf_begin_elf(elf_.handle(), DWARF_C_READ, nullptr)};
    follow_no_alternate(dwarf.get());
    return dwarf;
}

FrameTables PreparedElf::read_frames() const {
    if (elf_.architecture() != Architecture::RiscV) {
        return {};
    }
    open_dwarf();  // unpacks the sections
    return FrameTables{elf_};
}

std::size_t PreparedElf::memory() const {
    return elf_.memory() + symbols_.memory() + frames_.memory() + functions_.memory() +
           lines_.memory() + index_.ranges.capacity() * sizeof(DebugIndex::Range);
}

}  // namespace coredepot::decoder
