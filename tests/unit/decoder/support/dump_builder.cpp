#include "decoder/support/dump_builder.hpp"

#include <string>
#include <utility>

#include <elf.h>

#include "decoder/arch/riscv/registers.hpp"
#include "decoder/bytes/crc32.hpp"
#include "decoder/dump/container.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/dump/flash_image.hpp"
#include "sha256.hpp"

namespace coredepot::decoder::test {

Writer& Writer::u16(std::uint16_t value) {
    content_.push_back(static_cast<std::byte>(value));
    content_.push_back(static_cast<std::byte>(value >> 8));
    return *this;
}

Writer& Writer::u32(std::uint32_t value) {
    return u16(static_cast<std::uint16_t>(value)).u16(static_cast<std::uint16_t>(value >> 16U));
}

Writer& Writer::words(const std::vector<std::uint32_t>& values) {
    for (const std::uint32_t value : values) {
        u32(value);
    }
    return *this;
}

Writer& Writer::bytes(const Bytes& values) {
    content_.insert(content_.end(), values.begin(), values.end());
    return *this;
}

Writer& Writer::text(std::string_view value, std::size_t size) {
    bytes(to_bytes(value));
    return zeros(size - value.size());
}

Writer& Writer::zeros(std::size_t count) {
    content_.resize(content_.size() + count);
    return *this;
}

Writer& Writer::align4() {
    return zeros((4 - content_.size() % 4) % 4);
}

Bytes container(std::uint32_t version, const Bytes& body, std::uint32_t tasks,
                std::uint32_t tcb_size, std::uint32_t segments) {
    const VersionLayout layout = find_layout(version).value();
    const auto length = layout.header_bytes + body.size() + layout.checksum_bytes;
    Writer writer;
    writer.u32(static_cast<std::uint32_t>(length)).u32(version);
    if (layout.header_bytes > 12) {
        writer.u32(tasks).u32(tcb_size);
    }
    if (layout.header_bytes >= 20) {
        writer.u32(segments);
    }
    if (writer.size() < layout.header_bytes) {
        writer.u32(300);  // chip revision 3.0
    }
    writer.bytes(body);
    if (layout.checksum_bytes == 4) {
        writer.u32(crc32(writer.content()));
    } else {
        const Bytes& covered = writer.content();
        const std::string digits =
            sha256_hex({reinterpret_cast<const char*>(covered.data()), covered.size()});
        Bytes digest;
        for (std::size_t i = 0; i < digits.size(); i += 2) {
            digest.push_back(static_cast<std::byte>(std::stoul(digits.substr(i, 2), nullptr, 16)));
        }
        writer.bytes(digest);
    }
    return writer.content();
}

CoreBuilder& CoreBuilder::memory(std::uint32_t address, Bytes content) {
    segments_.push_back({PT_LOAD, address, std::move(content)});
    return *this;
}

CoreBuilder& CoreBuilder::note(std::string_view name, std::uint32_t type, const Bytes& descriptor) {
    notes_.u32(static_cast<std::uint32_t>(name.size() + 1))
        .u32(static_cast<std::uint32_t>(descriptor.size()))
        .u32(type)
        .text(name, name.size() + 1)
        .align4()
        .bytes(descriptor)
        .align4();
    return *this;
}

CoreBuilder& CoreBuilder::task(std::uint32_t tcb, const std::vector<std::uint32_t>& registers) {
    Writer descriptor;
    descriptor.zeros(24).u32(tcb).zeros(72 - 28).words(registers).u32(0);
    return note("CORE", NT_PRSTATUS, descriptor.content());
}

Bytes CoreBuilder::build() const {
    auto segments = segments_;
    segments.push_back({PT_NOTE, 0, notes_.content()});
    Writer writer;
    writer.text(
        "\x7f"
        "ELF\x01\x01\x01",
        EI_NIDENT);
    writer.u16(ET_CORE).u16(machine_).u32(EV_CURRENT).u32(0);
    writer.u32(sizeof(Elf32_Ehdr)).u32(0).u32(0);
    writer.u16(sizeof(Elf32_Ehdr)).u16(sizeof(Elf32_Phdr));
    writer.u16(static_cast<std::uint16_t>(segments.size())).u16(sizeof(Elf32_Shdr)).u16(0).u16(0);
    std::size_t offset = sizeof(Elf32_Ehdr) + segments.size() * sizeof(Elf32_Phdr);
    for (const Segment& segment : segments) {
        const auto size = static_cast<std::uint32_t>(segment.content.size());
        writer.u32(segment.type).u32(static_cast<std::uint32_t>(offset));
        writer.u32(segment.address).u32(segment.address).u32(size).u32(size).u32(PF_R).u32(0);
        offset += size;
    }
    for (const Segment& segment : segments) {
        writer.bytes(segment.content);
    }
    return writer.content();
}

Bytes without_elf_sha256(const Bytes& dump) {
    const Container container = open_container(dump);
    const CoreImage image = read_core_image(container);
    CoreBuilder core{kMachineRiscV};
    for (const TaskImage& task : image.tasks) {
        std::vector<std::uint32_t> registers{task.cpu.pc};
        for (std::size_t i = 1; i < task.cpu.general.size(); ++i) {
            registers.push_back(task.cpu.general.at(i).value_or(0));
        }
        const std::uint32_t sp = task.cpu.general.at(kRiscvStack).value_or(0);
        for (const std::uint32_t address : {task.tcb, sp}) {
            const auto content = image.memory.from(address);
            core.memory(address, {content.begin(), content.end()});
        }
        core.task(task.tcb, registers);
    }
    return core.build();
}

std::vector<std::uint32_t> xtensa_registers(std::uint32_t pc, std::uint32_t ps,
                                            std::vector<std::uint32_t> a) {
    std::vector<std::uint32_t> registers(64);
    registers[0] = pc;
    registers[1] = ps;
    a.resize(64);
    registers.insert(registers.end(), a.begin(), a.end());
    return registers;
}

std::vector<std::uint32_t> riscv_registers(std::uint32_t pc, std::uint32_t ra, std::uint32_t sp) {
    std::vector<std::uint32_t> registers{pc, ra, sp};
    registers.resize(32);
    return registers;
}

Bytes tcb(std::string_view name, std::uint32_t priority, std::uint32_t stack_top,
          std::uint32_t stack_start, std::uint32_t stack_end) {
    Writer writer;
    writer.u32(stack_top).zeros(40).u32(priority).u32(stack_start).text(name, 16).u32(0);
    writer.u32(stack_end).u32(priority);
    return writer.content();
}

Bytes application(std::uint16_t machine, std::uint32_t address, const Bytes& code,
                  const std::vector<SymbolSpec>& symbols) {
    Writer strings;
    Writer table;
    strings.zeros(1);
    table.zeros(sizeof(Elf32_Sym));
    for (const SymbolSpec& symbol : symbols) {
        table.u32(static_cast<std::uint32_t>(strings.size())).u32(symbol.address).u32(symbol.size);
        const unsigned type = symbol.absolute ? STT_NOTYPE : STT_FUNC;
        table.u16(static_cast<std::uint16_t>(STB_GLOBAL << 4U | type));
        table.u16(symbol.absolute ? SHN_ABS : 1);
        strings.text(symbol.name, symbol.name.size() + 1);
    }
    struct Section {
        std::uint32_t type, flags, address;
        Bytes content;
        std::uint32_t link, entry;
    };
    const std::vector<Section> sections = {
        {SHT_NULL, 0, 0, {}, 0, 0},
        {SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, address, code, 0, 0},
        {SHT_SYMTAB, 0, 0, table.content(), 3, sizeof(Elf32_Sym)},
        {SHT_STRTAB, 0, 0, strings.content(), 0, 0},
    };
    Writer bodies;
    std::vector<std::uint32_t> offsets;
    for (const Section& section : sections) {
        offsets.push_back(static_cast<std::uint32_t>(sizeof(Elf32_Ehdr) + bodies.size()));
        bodies.bytes(section.content).align4();
    }
    Writer writer;
    writer.text(
        "\x7f"
        "ELF\x01\x01\x01",
        EI_NIDENT);
    writer.u16(ET_EXEC).u16(machine).u32(EV_CURRENT).u32(address).u32(0);
    writer.u32(static_cast<std::uint32_t>(sizeof(Elf32_Ehdr) + bodies.size())).u32(0);
    writer.u16(sizeof(Elf32_Ehdr)).u16(sizeof(Elf32_Phdr)).u16(0).u16(sizeof(Elf32_Shdr));
    writer.u16(static_cast<std::uint16_t>(sections.size())).u16(3).bytes(bodies.content());
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const Section& section = sections[i];
        writer.u32(0).u32(section.type).u32(section.flags).u32(section.address).u32(offsets[i]);
        writer.u32(static_cast<std::uint32_t>(section.content.size())).u32(section.link);
        writer.u32(0).u32(4).u32(section.entry);
    }
    return writer.content();
}

}  // namespace coredepot::decoder::test
