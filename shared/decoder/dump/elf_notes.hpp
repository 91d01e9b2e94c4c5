#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// A note of an ELF core file. Name and descriptor refer to the file's bytes.
struct ElfNote {
    std::string_view name;  ///< up to its first NUL: ESP-IDF 5 pads it with more than one
    std::uint32_t type = 0;
    std::span<const std::byte> descriptor;
};

/// One note per task, a handful of others, and room to spare. Segments of a hostile file may
/// overlap, so its size does not limit the number of notes.
constexpr std::size_t kMaxNotes = 4096;

/// Appends the notes of a PT_NOTE segment to `notes`: those that begin in the first `size` bytes of
/// `file`, which continues after the segment. Name and descriptor are each padded to four bytes. A
/// note that was cut off is left out. Throws Undecodable when there are too many.
///
/// The last note often continues after its segment: ESP-IDF 5 counts four bytes too few for a task
/// watchdog's panic (elf_add_wdt_panic_details()).
void read_elf_notes(std::span<const std::byte> file, std::size_t size, std::vector<ElfNote>& notes);

}  // namespace coredepot::decoder
