#include "decoder/dump/elf_core.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <elf.h>

#include "decoder/arch/cpu.hpp"
#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/dump/core_layout.hpp"
#include "decoder/dump/elf_notes.hpp"
#include "decoder/dump/flash_image.hpp"
#include "decoder/limits/undecodable.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

// We recognise the extra note and the panic note by their types, because their names vary: ESP-IDF
// 4 and the reference tool write `EXTRA_INFO`, and 5.2 and later leave the end of an earlier note's
// name after it, `ESP_EXTRA_INFOIN`.

/// The words of the ESP_EXTRA_INFO note: the TCB and, on CPUs with noted registers, the exception's
/// cause and address and slots for the others, as pairs of register number and value. The device
/// writes 16 slots; the reference tool writes 13 when it makes an ELF core of a BIN dump. Newer
/// firmware appends a flag.
constexpr std::size_t kPairBytes = 8;

struct ProgramHeader {
    std::uint32_t type, address;
    std::span<const std::byte> bytes;
    std::span<const std::byte> bytes_to_end;  ///< of the file
};

std::vector<ProgramHeader> read_program_headers(ByteReader header,
                                                std::span<const std::byte> file) {
    header.skip(8);  // version and entry point
    const std::uint32_t offset = header.u32();
    header.skip(10);  // section header offset, flags, size of this header
    const std::uint16_t entry_size = header.u16();
    const std::uint16_t count = header.u16();
    if (entry_size != sizeof(Elf32_Phdr) || count > kMaxSegments) {
        throw Undecodable{"the core file is damaged: its program header table makes no sense"};
    }
    ByteReader table{file, "the program header table"};
    table.skip(offset);
    std::vector<ProgramHeader> headers;
    headers.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        ByteReader entry{table.take(entry_size), "a program header"};
        const std::uint32_t type = entry.u32();
        const std::uint32_t segment_offset = entry.u32();
        const std::uint32_t address = entry.u32();
        entry.skip(4);  // physical address
        const std::uint32_t size = entry.u32();
        ByteReader segment{file, "a memory segment"};
        segment.skip(segment_offset);
        headers.push_back({type, address, segment.take(size), file.subspan(segment_offset)});
    }
    return headers;
}

/// What the ESP_EXTRA_INFO note says about the crashed task.
struct ExtraInfo {
    std::uint32_t tcb = 0;
    std::vector<SpecialRegister> registers;
    std::optional<bool> in_interrupt;
};

ExtraInfo read_extra_info(std::span<const std::byte> descriptor, Architecture architecture) {
    ByteReader reader{descriptor, "the extra information note"};
    ExtraInfo extra;
    extra.tcb = reader.u32();
    if (const auto* const noted = cpu_of(architecture).noted_registers) {
        const std::array first_numbers = {noted->cause, noted->address};
        for (std::size_t i = 0; reader.remaining() >= kPairBytes; ++i) {
            const std::uint32_t number = reader.u32();
            const std::uint32_t value = reader.u32();
            if (i < first_numbers.size()) {
                extra.registers.push_back({first_numbers.at(i), value});
            } else if (number != 0) {
                extra.registers.push_back({number, value});
            }
        }
    }
    if (reader.remaining() >= 4) {
        extra.in_interrupt = reader.u32() != 0;
    }
    return extra;
}

void read_version(std::span<const std::byte> descriptor, CoreImage& image) {
    ByteReader reader{descriptor, "the version note"};
    const std::uint32_t version = reader.u32();
    if (image.chip == nullptr) {  // a bare core ELF
        if (!find_layout(version) || find_chip(chip_of(version)) == nullptr) {
            throw Undecodable{"core dump version " + hex(version) + " is not supported"};
        }
        image.chip = find_chip(chip_of(version));
    } else if (find_chip(chip_of(version)) != image.chip) {
        throw Undecodable{"the core dump contradicts itself: its header says " +
                          std::string{image.chip->name} + ", its version note " + hex(version)};
    }
    const auto text = reader.take(reader.remaining());
    const std::string_view digest{reinterpret_cast<const char*>(text.data()), text.size()};
    const auto* const end = std::ranges::find_if_not(digest, is_hex_digit);
    image.elf_sha256_prefix = ascii_lower(std::string_view(digest.begin(), end));
}

TaskImage read_task(std::span<const std::byte> descriptor, Architecture architecture,
                    bool crashed) {
    ByteReader reader{descriptor, "the registers note of a task"};
    TaskImage task;
    reader.skip(kPidOffset);
    task.tcb = reader.u32();
    reader.skip(kRegistersOffset - kPidOffset - 4);
    task.crashed = crashed;
    task.cpu = cpu_of(architecture).read_note(reader.take(reader.remaining()), crashed);
    return task;
}

/// The device's text. For a task watchdog it has several lines.
std::string read_panic_details(std::span<const std::byte> descriptor) {
    std::string text;
    std::string_view rest{reinterpret_cast<const char*>(descriptor.data()), descriptor.size()};
    rest = rest.substr(0, rest.find('\0'));
    while (!rest.empty() && text.size() < kMaxPrintable) {
        const auto end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        text += (text.empty() ? "" : "\n") + printable(line);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
}

void read_notes_into(CoreImage& image, const std::vector<ElfNote>& notes) {
    // The extra note comes last and says whether the first task is the crashed one.
    ExtraInfo extra;
    for (const ElfNote& note : notes) {
        if (note.name == kVersionNote) {
            read_version(note.descriptor, image);
        } else if (note.type == kExtraNoteType) {
            extra = read_extra_info(note.descriptor, image.architecture);
        } else if (note.type == kPanicNoteType) {
            // A watchdog that ends in abort() writes two of them.
            std::string& reason = image.panic_reason;
            if (reason.size() < kMaxPrintable) {
                reason += (reason.empty() ? "" : "\n") + read_panic_details(note.descriptor);
            }
        }
    }
    image.in_interrupt = extra.in_interrupt;
    image.special_registers = std::move(extra.registers);
    for (const ElfNote& note : notes) {
        if (note.name == kRegistersNote && note.type == NT_PRSTATUS) {
            if (image.tasks.size() == kMaxTasks) {
                throw Undecodable{"the core file is damaged: it has more than " +
                                  std::to_string(kMaxTasks) + " tasks"};
            }
            const bool crashed = image.tasks.empty() && extra.tcb != kSkippedTask;
            image.tasks.push_back(read_task(note.descriptor, image.architecture, crashed));
        }
    }
}

}  // namespace

CoreImage read_elf_core(const Container& container) {
    const auto file = container.body;
    ByteReader header{file, "the ELF header"};
    ByteReader ident{header.take(EI_NIDENT), "the ELF header"};
    constexpr std::uint32_t kMagic = 0x464C457F;  // "\x7fELF"
    const bool magic = ident.u32() == kMagic;
    // Low byte: 32 bits; high byte: little-endian.
    const bool class_and_order = ident.u16() == (ELFCLASS32 | ELFDATA2LSB << 8U);
    const std::uint16_t type = header.u16();
    const std::uint16_t machine = header.u16();
    if (!magic || !class_and_order || type != ET_CORE) {
        throw Undecodable{type == ET_EXEC && magic
                              ? "this is an application ELF where a core dump was expected"
                              : "the payload is not a 32-bit little-endian ELF core file"};
    }
    CoreImage image;
    image.chip = container.chip;
    const auto architecture = architecture_of_machine(machine);
    if (!architecture) {
        throw Undecodable{"the core file is from another CPU (ELF machine " +
                          std::to_string(machine) + "), not of an ESP32"};
    }
    image.architecture = *architecture;
    if (image.chip != nullptr && image.chip->architecture != image.architecture) {
        throw Undecodable{"the core dump contradicts itself: its header says " +
                          std::string{image.chip->name} + ", its core file says " +
                          std::string{architecture_name(image.architecture)}};
    }
    std::vector<ElfNote> notes;
    for (const ProgramHeader& program : read_program_headers(header, file)) {
        if (program.type == PT_LOAD) {
            image.memory.add({program.address, program.bytes});
        } else if (program.type == PT_NOTE) {
            read_elf_notes(program.bytes_to_end, program.bytes.size(), notes);
        }
    }
    read_notes_into(image, notes);
    return image;
}

}  // namespace coredepot::decoder
