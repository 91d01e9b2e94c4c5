#include "decoder/dwarf/frame_table.hpp"

#include <vector>

#include <dwarf.h>
#include <gtest/gtest.h>

#include "decoder/bytes/cursor.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using Kind = RegisterRule::Kind;

constexpr std::uint32_t kFunction = 0x42000000;

Bytes bytes(const std::vector<unsigned>& values) {
    Bytes result;
    for (const unsigned value : values) {
        result.push_back(static_cast<std::byte>(value));
    }
    return result;
}

/// Entries as GCC makes them for RISC-V: code alignment 1, data alignment -4, CFA at first in sp.
FrameCommon common() {
    static const Bytes program = bytes({DW_CFA_def_cfa, 2, 0});
    FrameCommon common;
    common.data_alignment = -4;
    common.program = program;
    return common;
}

std::optional<FrameRules> run(const std::vector<unsigned>& program, std::uint32_t offset) {
    return run_frame_program(common(), bytes(program), kFunction, kFunction + offset);
}

TEST(FrameRules, RowsApplyFromTheirAddressOn) {
    const std::vector<unsigned> program = {DW_CFA_advance_loc | 2,
                                           DW_CFA_def_cfa_offset,
                                           16,  // addi sp, sp, -16
                                           DW_CFA_advance_loc | 2,
                                           DW_CFA_offset | 1,
                                           1,  // sw ra, 12(sp)
                                           DW_CFA_advance_loc1,
                                           100,
                                           DW_CFA_restore | 1,
                                           DW_CFA_def_cfa_offset,
                                           0};
    EXPECT_EQ(run(program, 0)->cfa_offset, 0);
    EXPECT_EQ(run(program, 2)->cfa_offset, 16);
    EXPECT_EQ(run(program, 2)->registers[1].kind, Kind::SameValue);
    EXPECT_EQ(run(program, 4)->registers[1].kind, Kind::SavedAt);
    EXPECT_EQ(run(program, 4)->registers[1].value, -4);
    EXPECT_EQ(run(program, 103)->registers[1].kind, Kind::SavedAt);
    EXPECT_EQ(run(program, 104)->registers[1].kind, Kind::SameValue);
    EXPECT_EQ(run(program, 104)->cfa_offset, 0);
}

TEST(FrameRules, RememberedStateComesBackWhole) {
    const std::vector<unsigned> program = {DW_CFA_def_cfa_offset, 16,
                                           DW_CFA_offset | 1,     1,
                                           DW_CFA_remember_state, DW_CFA_advance_loc | 2,
                                           DW_CFA_def_cfa_offset, 0,
                                           DW_CFA_restore | 1,    DW_CFA_advance_loc | 2,
                                           DW_CFA_restore_state};
    EXPECT_EQ(run(program, 2)->cfa_offset, 0);
    EXPECT_EQ(run(program, 4)->cfa_offset, 16);
    EXPECT_EQ(run(program, 4)->registers[1].kind, Kind::SavedAt);
}

TEST(FrameRules, OutermostFrameAndFramePointer) {
    const auto rules = run({DW_CFA_undefined, 1, DW_CFA_def_cfa_register, 8}, 0);
    EXPECT_EQ(rules->registers[1].kind, Kind::Undefined);
    EXPECT_EQ(rules->cfa_register, 8U);
}

TEST(FrameRules, WhatIsNotSupportedIsNotGuessed) {
    EXPECT_EQ(run({DW_CFA_def_cfa_expression, 1, DW_OP_lit0}, 0)->cfa_register, std::nullopt);
    EXPECT_EQ(run({DW_CFA_expression, 1, 1, DW_OP_lit0}, 0)->registers[1].kind, Kind::Unsupported);
}

TEST(FrameRules, NotWellFormed) {
    EXPECT_FALSE(run({0x3F}, 0));                  // no such instruction
    EXPECT_FALSE(run({DW_CFA_restore_state}, 0));  // nothing remembered
    EXPECT_FALSE(run({DW_CFA_def_cfa, 2}, 0));     // cut off
    EXPECT_FALSE(run({DW_CFA_expression, 1, 9}, 0));
    EXPECT_FALSE(run(std::vector<unsigned>(1000, DW_CFA_remember_state), 0));
}

/// libdw makes room for as many registers as the highest number says.
TEST(FrameRules, RegisterNumbersBeyondTheGeneralOnesAreIgnored) {
    EXPECT_TRUE(run({DW_CFA_offset_extended, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1}, 0));
    EXPECT_TRUE(run({DW_CFA_offset_extended, 64, 1, DW_CFA_restore_extended, 64}, 0));
}

TEST(FrameRules, FloatingPointRegistersAreSavedToo) {
    constexpr unsigned kFs0 = 40;
    EXPECT_EQ(run({DW_CFA_offset | kFs0, 2}, 0)->registers[kFs0].kind, RegisterRule::Kind::SavedAt);
    EXPECT_EQ(run({DW_CFA_offset | kFs0, 2}, 0)->registers[kFs0].value, -8);
}

Bytes entry(const Bytes& body) {
    return test::Writer{}.u32(static_cast<std::uint32_t>(body.size())).bytes(body).content();
}

TEST(FrameTable, DebugFrame) {
    const Bytes cie = entry(test::Writer{}
                                .u32(0xFFFFFFFF)
                                .bytes(bytes({4, 0, 4, 0, 1, 0x7C, 1, DW_CFA_def_cfa, 2, 0}))
                                .align4()
                                .content());
    const auto fde = [](std::uint32_t start, std::uint32_t size) {
        return entry(test::Writer{}
                         .words({0, start, size})
                         .bytes(bytes({DW_CFA_def_cfa_offset, 32}))
                         .align4()
                         .content());
    };
    const Bytes section = test::Writer{}
                              .bytes(cie)
                              .bytes(fde(kFunction + 0x100, 0x10))
                              .bytes(fde(0, 0x1000))  // dropped by the linker
                              .bytes(fde(kFunction, 0x20))
                              .content();
    const FrameTable table{{0, section}, FrameTable::Format::DebugFrame};
    EXPECT_EQ(table.find(kFunction)->rules.cfa_offset, 32);
    EXPECT_EQ(table.find(kFunction + 0x1F)->return_register, 1U);
    EXPECT_TRUE(table.find(kFunction + 0x10F));
    EXPECT_FALSE(table.find(kFunction + 0x20));
    EXPECT_FALSE(table.find(kFunction + 0x110));
    EXPECT_FALSE(table.find(0x10));
    for (std::size_t size = 0; size < section.size(); ++size) {
        const Bytes prefix{section.begin(), section.begin() + static_cast<std::ptrdiff_t>(size)};
        const FrameTable shorter{{0, prefix}, FrameTable::Format::DebugFrame};
        shorter.find(kFunction);
    }
}

TEST(FrameTable, EhFrameIsRelativeToItself) {
    constexpr std::uint32_t kSection = 0x3C000000;
    const Bytes cie =
        entry(test::Writer{}
                  .u32(0)
                  .bytes(bytes({1, 'z', 'R', 0, 1, 0x7C, 1, 1, 0x1B}))  // pcrel, sdata4
                  .bytes(bytes({DW_CFA_def_cfa, 2, 16}))
                  .align4()
                  .content());
    const auto here = static_cast<std::uint32_t>(cie.size());
    const Bytes fde = entry(test::Writer{}
                                .words({here + 4, kFunction - (kSection + here + 8), 0x20})
                                .bytes(bytes({0, DW_CFA_nop, DW_CFA_nop, DW_CFA_nop}))
                                .content());
    const Bytes section = test::Writer{}.bytes(cie).bytes(fde).u32(0).content();
    const FrameTable table{{kSection, section}, FrameTable::Format::EhFrame};
    ASSERT_TRUE(table.find(kFunction + 4));
    EXPECT_EQ(table.find(kFunction + 4)->rules.cfa_offset, 16);
    EXPECT_FALSE(table.find(kFunction + 0x20));
}

TEST(Cursor, Leb128) {
    const Bytes data =
        bytes({0xE5, 0x8E, 0x26, 0x7F, 0x80, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x80});
    Cursor cursor{data};
    EXPECT_EQ(cursor.uleb(), 624485U);
    EXPECT_EQ(cursor.sleb(), -1);
    EXPECT_EQ(cursor.sleb(), -128);
    EXPECT_EQ(cursor.uleb(), 0xFFFFFFFFU);
    EXPECT_TRUE(cursor.ok());
    cursor.uleb();
    EXPECT_FALSE(cursor.ok());
    EXPECT_EQ(cursor.u32(), 0U);
}

}  // namespace
}  // namespace coredepot::decoder
