// Every chip in every version of the container, raw and over a serial port, and what disagrees.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/dump/flash_image.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::Writer;

constexpr std::uint32_t kCode = 0x42000000;
constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kTcbBytes = 80;
constexpr std::uint32_t kStackBytes = 256;

struct Kind {
    std::uint16_t id;
    std::string chip;
    std::uint16_t machine;
};

std::ostream& operator<<(std::ostream& out, const Kind& kind) {
    return out << kind.chip;
}

Bytes tcb() {
    Bytes bytes = test::tcb("main", 5, kStack, kStack - 0x100, kStack + kStackBytes);
    bytes.resize(kTcbBytes);
    return bytes;
}

Bytes elf_body(std::uint16_t machine) {
    test::CoreBuilder core{machine};
    core.memory(kTcb, tcb()).memory(kStack, Bytes(kStackBytes));
    core.task(kTcb, machine == kMachineXtensa ? test::xtensa_registers(kCode, 0, {0, kStack + 32})
                                              : test::riscv_registers(kCode, 0, kStack));
    return core.build();
}

/// The registers lie on top of the stack. Word 0: the exit routine of a task on Xtensa, pc on
/// RISC-V.
Bytes bin_body() {
    const Bytes stack = Writer{}
                            .words({kCode, kCode, kStack + 128, 0, kStack + 128})
                            .zeros(kStackBytes - 20)
                            .content();
    return Writer{}.words({kTcb, kStack, kStack + kStackBytes}).bytes(tcb()).bytes(stack).content();
}

Bytes dump_of(const Kind& kind, std::uint16_t version) {
    const std::uint32_t word = std::uint32_t{kind.id} << 16U | version;
    const bool bin = find_layout(word)->payload == Container::Payload::Bin;
    return bin ? test::container(word, bin_body(), 1, kTcbBytes)
               : test::container(word, elf_body(kind.machine));
}

/// Standard base64 of at most 48 bytes a line, a short write of 5 bytes now and then, CRLF, and a
/// log around it.
std::string serial_log(const Bytes& dump) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string log =
        "rst:0x1 (POWERON)\r\nI (23) boot: ready\r\n"
        "================= CORE DUMP START =================\r\n";
    std::size_t line = 0;
    for (std::size_t at = 0; at < dump.size(); ++line) {
        const std::size_t size = std::min<std::size_t>(dump.size() - at, line % 3 == 1 ? 5 : 48);
        for (std::size_t i = 0; i < size; i += 3) {
            std::uint32_t group = 0;
            for (std::size_t k = 0; k < 3; ++k) {
                group = group << 8U |
                        (i + k < size ? std::to_integer<std::uint32_t>(dump[at + i + k]) : 0);
            }
            for (std::size_t k = 0; k < 4; ++k) {
                log += i + k > size ? '=' : kDigits[group >> (18 - 6 * k) & 63U];
            }
        }
        log += "\r\n";
        at += size;
    }
    return log + "================= CORE DUMP END =================\r\nRebooting...\r\n";
}

class EveryChip : public testing::TestWithParam<Kind> {
  protected:
    static Bytes application(std::uint16_t machine) {
        // ENTRY a1, 32 on Xtensa; on RISC-V anything.
        const Bytes code = Writer{}.u32(0x00004136).zeros(28).content();
        return test::application(machine, kCode, code, {{"app_main", kCode, 32, false}});
    }
};

TEST_P(EveryChip, InEveryVersion) {
    const Kind& kind = GetParam();
    const test::TemporaryFile elf{application(kind.machine)};
    for (const std::uint16_t version : {0x001, 0x002, 0x003, 0x100, 0x101, 0x102, 0x103, 0x104}) {
        const Bytes dump = dump_of(kind, version);
        for (const Bytes& bytes : {dump, test::to_bytes(serial_log(dump))}) {
            const Report report = decode(bytes, elf.path(), kind.chip);
            EXPECT_EQ(report.chip, kind.chip);
            ASSERT_EQ(report.tasks.size(), 1U) << version;
            EXPECT_EQ(report.tasks.at(0).name, "main") << version;
            EXPECT_EQ(report.tasks.at(0).frames.at(0).function, "app_main") << version;
            EXPECT_FALSE(report.elf_verified);
            EXPECT_NE(to_text(report).find("ELF not verified"), std::string::npos);
        }
    }
}

TEST_P(EveryChip, WhatDisagreesIsSaid) {
    const Kind& kind = GetParam();
    const bool xtensa = kind.machine == kMachineXtensa;
    const std::uint16_t other = xtensa ? kMachineRiscV : kMachineXtensa;
    const test::TemporaryFile elf{application(kind.machine)};
    const test::TemporaryFile other_elf{application(other)};
    const std::string other_chip = kind.chip == "esp32c3" ? "esp32c6" : "esp32c3";
    const Bytes dump = dump_of(kind, 0x103);
    EXPECT_EQ(test::verdict([&] { decode(dump, elf.path(), other_chip); }),
              "the core dump is of another chip: the request says '" + other_chip +
                  "', the dump was made by '" + kind.chip + "'");
    EXPECT_EQ(test::verdict([&] { decode(dump, other_elf.path(), kind.chip); }),
              "the ELF is of another CPU: the core dump is of a chip with a " +
                  std::string{xtensa ? "Xtensa" : "RISC-V"} + " CPU, the ELF was built for " +
                  (xtensa ? "RISC-V" : "Xtensa"));
    const Bytes contradiction =
        test::container(std::uint32_t{kind.id} << 16U | 0x103U, elf_body(other));
    EXPECT_EQ(test::verdict([&] { decode(contradiction, elf.path(), kind.chip); }),
              "the core dump contradicts itself: its header says " + kind.chip +
                  ", its core file says " + (xtensa ? "RISC-V" : "Xtensa"));
}

INSTANTIATE_TEST_SUITE_P(
    All, EveryChip,
    testing::Values(Kind{0, "esp32", kMachineXtensa}, Kind{2, "esp32s2", kMachineXtensa},
                    Kind{9, "esp32s3", kMachineXtensa}, Kind{5, "esp32c3", kMachineRiscV},
                    Kind{12, "esp32c2", kMachineRiscV}, Kind{13, "esp32c6", kMachineRiscV},
                    Kind{16, "esp32h2", kMachineRiscV}, Kind{18, "esp32p4", kMachineRiscV},
                    Kind{20, "esp32c61", kMachineRiscV}, Kind{23, "esp32c5", kMachineRiscV},
                    Kind{28, "esp32h4", kMachineRiscV}),
    [](const auto& info) { return info.param.chip; });

}  // namespace
}  // namespace coredepot::decoder
