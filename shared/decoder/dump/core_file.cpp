#include "decoder/dump/core_file.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include <elf.h>

#include "decoder/dump/core_layout.hpp"

namespace coredepot::decoder {
namespace {

/// Words of `xtensa_gregset_t`: all 64 physical registers are behind 64 others.
constexpr std::size_t kXtensaWords = 128;
constexpr std::size_t kXtensaPhysical = 64;
constexpr std::size_t kXtensaWindow = 16;

/// The version of ESP-IDF 5: an ELF core, with a SHA-256 behind it.
constexpr std::uint32_t kWrittenVersion = 0x103;
/// What the version note has room for behind the version.
constexpr std::size_t kHashBytes = 68;

void add_u16(std::string& bytes, std::uint16_t value) {
    bytes += {static_cast<char>(value & 0xFFU), static_cast<char>(value >> 8U)};
}

void add_u32(std::string& bytes, std::uint32_t value) {
    add_u16(bytes, static_cast<std::uint16_t>(value & 0xFFFFU));
    add_u16(bytes, static_cast<std::uint16_t>(value >> 16U));
}

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

/// What is not known is 0.
std::string xtensa_registers(const CpuState& cpu) {
    std::string bytes;
    for (const auto value : {std::optional{cpu.pc}, cpu.status, cpu.loop_begin, cpu.loop_end,
                             cpu.loop_count, cpu.shift_amount}) {
        add_u32(bytes, value.value_or(0));
    }
    add_u32(bytes, 1);  // windowstart: of window 0, which is the current one
    bytes.resize(kXtensaPhysical * 4);
    for (std::size_t i = 0; i < kXtensaWindow; ++i) {
        add_u32(bytes, cpu.general[i].value_or(0));
    }
    bytes.resize(kXtensaWords * 4);
    return bytes;
}

std::string riscv_registers(const CpuState& cpu) {
    std::string bytes;
    add_u32(bytes, cpu.pc);
    for (std::size_t i = 1; i < kGeneralRegisters; ++i) {
        add_u32(bytes, cpu.general[i].value_or(0));
    }
    return bytes;
}

std::string status_of(const TaskImage& task, std::uint32_t number, Architecture architecture) {
    std::string bytes(kPidOffset, '\0');
    add_u32(bytes, task.tcb != 0 ? task.tcb : number);
    bytes.resize(kRegistersOffset);
    bytes += architecture == Architecture::Xtensa ? xtensa_registers(task.cpu)
                                                  : riscv_registers(task.cpu);
    add_u32(bytes, 0);
    return bytes;
}

std::string extra_info(const CoreImage& image) {
    std::string bytes;
    add_u32(bytes, image.tasks.front().crashed ? image.tasks.front().tcb : kSkippedTask);
    if (image.architecture == Architecture::Xtensa) {
        std::vector<SpecialRegister> registers = image.special_registers;
        if (registers.empty() && image.fault) {
            registers = {{kExcCause, image.fault->cause}, {kExcVaddr, image.fault->address}};
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
    add_u16(bytes, architecture == Architecture::Xtensa ? kMachineXtensa : kMachineRiscV);
    add_u32(bytes, EV_CURRENT);
    add_u32(bytes, 0);                   // entry point
    add_u32(bytes, sizeof(Elf32_Ehdr));  // program headers are right behind this
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
