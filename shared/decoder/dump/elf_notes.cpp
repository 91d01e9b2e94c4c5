#include "decoder/dump/elf_notes.hpp"

#include <string>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {

void read_elf_notes(std::span<const std::byte> file, std::size_t size,
                    std::vector<ElfNote>& notes) {
    ByteReader reader{file, "a note"};
    constexpr std::size_t kNoteHeader = 12;
    const std::size_t behind = file.size() - size;
    while (reader.remaining() >= behind + kNoteHeader) {
        if (notes.size() == kMaxNotes) {
            throw Undecodable{"the core file is damaged: it has more than " +
                              std::to_string(kMaxNotes) + " notes"};
        }
        const std::uint32_t name_size = reader.u32();
        const std::uint32_t descriptor_size = reader.u32();
        ElfNote note;
        note.type = reader.u32();
        constexpr std::uint64_t kPadding = 3;
        const std::uint64_t aligned_name = (name_size + kPadding) & ~kPadding;
        if (aligned_name + descriptor_size > reader.remaining()) {
            return;
        }
        const auto name = reader.take(name_size);
        note.name = {reinterpret_cast<const char*>(name.data()), name.size()};
        note.name = note.name.substr(0, note.name.find('\0'));
        reader.align4();
        note.descriptor = reader.take(descriptor_size);
        reader.align4();
        notes.push_back(note);
    }
}

}  // namespace coredepot::decoder
