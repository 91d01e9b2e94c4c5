#include "decoder/dump/core_file.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include <elf.h>

#include "decoder/arch/cpu.hpp"
#include "decoder/bytes/byte_writer.hpp"
#include "decoder/dump/core_layout.hpp"

namespace coredepot::decoder {
namespace {

/// ESP-IDF 5's version: a core ELF followed by a SHA-256.
constexpr std::uint32_t kWrittenVersion = 0x103;
/// The room that the version note has after the version.
constexpr std::size_t kHashBytes = 68;

void align(std::string& bytes) {
    bytes.resize((bytes.size() + 3) / 4 * 4);
}

void add_note(std::string& notes, std::string_view name, std::uint32_t type,
              std::string_view descriptor) {
    add_u32(notes, static_cast<std::uint32_t>(name.size() + 1));
    add_u32(notes, static_cast<std::uint32_t>(descriptor.size()));
    add_u32(notes, type);
    (notes += name) += '\0';
    align(notes);
    notes += descriptor;
    align(notes);
}

std::string status_of(const TaskImage& task, std::uint32_t number, Architecture architecture) {
    std::string bytes(kPidOffset, '\0');
    add_u32(bytes, task.tcb != 0 ? task.tcb : number);
    bytes.resize(kRegistersOffset);
    bytes += cpu_of(architecture).write_note(task.cpu);
    add_u32(bytes, 0);
    return bytes;
}

std::string extra_info(const CoreImage& image) {
    std::string bytes;
    add_u32(bytes, image.tasks.front().crashed ? image.tasks.front().tcb : kSkippedTask);
    if (const auto* const noted = cpu_of(image.architecture).noted_registers) {
        std::vector<SpecialRegister> registers = image.special_registers;
        if (registers.empty() && image.fault) {
            registers = {{noted->cause, image.fault->cause},
                         {noted->address, image.fault->address}};
        }
        for (const SpecialRegister& one : registers) {
            add_u32(bytes, one.number);
            add_u32(bytes, one.value);
        }
    }
    if (image.in_interrupt) {
        add_u32(bytes, *image.in_interrupt ? 1 : 0);
    }
    return bytes;
}

std::string notes_of(const CoreImage& image) {
    std::string notes;
    std::uint32_t number = 0;
    for (const TaskImage& task : image.tasks) {
        add_note(notes, kRegistersNote, NT_PRSTATUS, status_of(task, ++number, image.architecture));
    }
    if (image.chip != nullptr) {
        std::string info;
        add_u32(info, static_cast<std::uint32_t>(image.chip->id) << 16U | kWrittenVersion);
        info += image.elf_sha256_prefix;
        info.resize(sizeof(std::uint32_t) + kHashBytes);
        add_note(notes, kVersionNote, kVersionNoteType, info);
    }
    add_note(notes, kExtraNote, kExtraNoteType, extra_info(image));
    if (!image.panic_reason.empty()) {
        add_note(notes, kPanicNote, kPanicNoteType, image.panic_reason);
    }
    return notes;
}

struct FilePart {
    std::uint32_t type, address;
    std::string_view bytes;
};

std::string header_of(Architecture architecture, std::size_t parts) {
    std::string bytes(ELFMAG, SELFMAG);
    bytes += {ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    bytes.resize(EI_NIDENT);
    add_u16(bytes, ET_CORE);
    add_u16(bytes, machine_of(architecture));
    add_u32(bytes, EV_CURRENT);
    add_u32(bytes, 0);                   // entry point
    add_u32(bytes, sizeof(Elf32_Ehdr));  // program headers follow right after this
    add_u32(bytes, 0);                   // no sections
    add_u32(bytes, 0);                   // flags
    add_u16(bytes, sizeof(Elf32_Ehdr));
    add_u16(bytes, sizeof(Elf32_Phdr));
    add_u16(bytes, static_cast<std::uint16_t>(parts));
    bytes.resize(sizeof(Elf32_Ehdr));
    return bytes;
}

}  // namespace

std::string core_file(const CoreImage& image) {
    const std::string notes = notes_of(image);
    std::vector<FilePart> parts = {{PT_NOTE, 0, notes}};
    for (const Segment& segment : image.memory.segments()) {
        parts.push_back(
            {PT_LOAD,
             segment.start,
             {reinterpret_cast<const char*>(segment.bytes.data()), segment.bytes.size()}});
    }
    std::string file = header_of(image.architecture, parts.size());
    auto offset = static_cast<std::uint32_t>(file.size() + parts.size() * sizeof(Elf32_Phdr));
    for (const FilePart& part : parts) {
        const auto size = static_cast<std::uint32_t>(part.bytes.size());
        const bool load = part.type == PT_LOAD;
        for (const std::uint32_t word : {part.type, offset, part.address, part.address, size,
                                         load ? size : 0, load ? PF_R | PF_W : 0U, 1U}) {
            add_u32(file, word);
        }
        offset += size;
    }
    for (const FilePart& part : parts) {
        file += part.bytes;
    }
    return file;
}

}  // namespace coredepot::decoder
