#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "decoder/support/samples.hpp"

namespace coredepot::decoder::test {

/// Little-endian bytes, one field after the other.
class Writer {
  public:
    Writer& u16(std::uint16_t value);
    Writer& u32(std::uint32_t value);
    Writer& words(const std::vector<std::uint32_t>& values);
    Writer& bytes(const Bytes& values);
    Writer& text(std::string_view value, std::size_t size);  ///< NUL-padded to `size`
    Writer& zeros(std::size_t count);
    Writer& align4();

    std::size_t size() const { return content_.size(); }
    const Bytes& content() const { return content_; }

  private:
    Bytes content_;
};

/// The container of version word `version` around `body`: header, checksum and all.
Bytes container(std::uint32_t version, const Bytes& body, std::uint32_t tasks = 0,
                std::uint32_t tcb_size = 0, std::uint32_t segments = 0);

/// An ELF core file as ESP-IDF writes it.
class CoreBuilder {
  public:
    explicit CoreBuilder(std::uint16_t machine) : machine_{machine} {}

    CoreBuilder& memory(std::uint32_t address, Bytes content);
    CoreBuilder& note(std::string_view name, std::uint32_t type, const Bytes& descriptor);
    /// The registers note of a task: `registers` from pc on.
    CoreBuilder& task(std::uint32_t tcb, const std::vector<std::uint32_t>& registers);
    Bytes build() const;

  private:
    struct Segment {
        std::uint32_t type, address;
        Bytes content;
    };
    std::uint16_t machine_;
    std::vector<Segment> segments_;
    Writer notes_;
};

/// The tasks of a RISC-V dump, without the SHA-256 of the ELF that made it: goes with any ELF.
Bytes without_elf_sha256(const Bytes& dump);

/// What an Xtensa registers note holds: `a` from a0 on, the rest zero.
std::vector<std::uint32_t> xtensa_registers(std::uint32_t pc, std::uint32_t ps,
                                            std::vector<std::uint32_t> a);

/// What a RISC-V registers note holds: pc, then x1 to x31, of which all but ra and sp are zero.
std::vector<std::uint32_t> riscv_registers(std::uint32_t pc, std::uint32_t ra, std::uint32_t sp);

/// A task control block of the default layout.
Bytes tcb(std::string_view name, std::uint32_t priority, std::uint32_t stack_top,
          std::uint32_t stack_start, std::uint32_t stack_end);

struct SymbolSpec {
    std::string_view name;
    std::uint32_t address, size;
    bool absolute;
};

/// An application ELF without debug information: code at `address`, and a symbol table.
Bytes application(std::uint16_t machine, std::uint32_t address, const Bytes& code,
                  const std::vector<SymbolSpec>& symbols);

}  // namespace coredepot::decoder::test
