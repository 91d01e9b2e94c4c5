#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// One note of an ELF core file. Name and descriptor refer to the bytes of the file.
struct ElfNote {
    std::string_view name;  ///< up to its first NUL: ESP-IDF 5 pads it with more than one
    std::uint32_t type = 0;
    std::span<const std::byte> descriptor;
};

/// One note a task and a handful besides, with room to spare. Segments of a hostile file may
/// overlap, so that its size does not bound the number of notes.
constexpr std::size_t kMaxNotes = 4096;

/// Appends the notes of a PT_NOTE segment to `notes`: those that begin in the first `size` bytes of
/// `file`, which goes on behind the segment. Name and descriptor are padded to four bytes, each by
/// itself. A note that was cut off is left out. Throws Undecodable when there are too many.
///
/// That the last note goes on behind its segment is nothing unusual: ESP-IDF 5 counts four bytes
/// too few for the details of a task watchdog's panic (elf_add_wdt_panic_details()).
void read_elf_notes(std::span<const std::byte> file, std::size_t size, std::vector<ElfNote>& notes);

}  // namespace coredepot::decoder
