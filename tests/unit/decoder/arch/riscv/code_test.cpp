#include "decoder/arch/riscv/code.hpp"

#include <gtest/gtest.h>

#include "decoder/elf/symbol_table.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kCode = 0x42001000;

/// An application whose code are these 16-bit halves, longer instructions low half first.
ApplicationElf code(const std::vector<std::uint16_t>& halves) {
    test::Writer writer;
    for (const std::uint16_t half : halves) {
        writer.u16(half);
    }
    const test::TemporaryFile file{test::application(kMachineRiscV, kCode, writer.content(), {})};
    return {file.path(), Deadline{}};
}

// Machine code from `riscv64-unknown-elf-as -march=rv32ic`.

TEST(RiscvCode, Jal) {
    const auto elf = code({0x00EF, 0x0200});  // jal ra, .+32
    EXPECT_TRUE(follows_call(kCode + 4, elf));
    EXPECT_EQ(direct_call_target(kCode + 4, elf), kCode + 32);
    const auto back = code({0xF0EF, 0xFE1F});  // jal ra, .-32
    EXPECT_EQ(direct_call_target(kCode + 4, back), kCode - 32);
}

TEST(RiscvCode, AuipcAndJalr) {
    // auipc ra, 0xfdfff; jalr ra, 64(ra): from 0x42001000 to 0x40000040
    const auto elf = code({0xF097, 0xFDFF, 0x80E7, 0x0400});
    EXPECT_EQ(direct_call_target(kCode + 8, elf), 0x42001000U + 0xFDFFF000U + 64U);
}

TEST(RiscvCode, CompressedJal) {
    const auto elf = code({0x2005});  // c.jal .+32
    EXPECT_TRUE(follows_call(kCode + 2, elf));
    EXPECT_EQ(direct_call_target(kCode + 2, elf), kCode + 32);
}

TEST(RiscvCode, CallThroughAPointer) {
    const auto elf = code({0x9782});  // c.jalr a5
    EXPECT_TRUE(follows_call(kCode + 2, elf));
    EXPECT_EQ(direct_call_target(kCode + 2, elf), std::nullopt);
}

TEST(RiscvCode, NoCall) {
    const auto elf = code({0x0001, 0x0001, 0x8082});  // c.nop, c.nop, ret
    for (const std::uint32_t offset : {0, 1, 2, 4, 6, 1000}) {
        EXPECT_FALSE(follows_call(kCode + offset, elf)) << offset;
        EXPECT_EQ(direct_call_target(kCode + offset, elf), std::nullopt) << offset;
    }
}

/// As in assembler code: a label inside of a function does not end it.
TEST(SymbolTable, LabelsInFunctionsDoNotCount) {
    const test::TemporaryFile file{test::application(kMachineRiscV, kCode, test::Bytes(0x60),
                                                     {{"handler", kCode, 0x20, false},
                                                      {"return_label", kCode + 0x10, 0, false},
                                                      {"without_size", kCode + 0x30, 0, false}})};
    const Deadline deadline;
    const ApplicationElf elf{file.path(), deadline};
    const SymbolTable symbols{elf, deadline};
    EXPECT_EQ(symbols.describe(kCode + 0x14), "handler+20");
    EXPECT_EQ(symbols.describe(kCode + 0x24), "return_label+20");
    EXPECT_EQ(symbols.describe(kCode + 0x34), "without_size+4");
}

}  // namespace
}  // namespace coredepot::decoder
