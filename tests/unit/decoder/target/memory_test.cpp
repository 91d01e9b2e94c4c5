#include "decoder/target/memory.hpp"

#include <gtest/gtest.h>

#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

/// `size` bytes of `value`, which live as long as the test program.
std::span<const std::byte> filled(std::size_t size, unsigned char value) {
    static std::vector<test::Bytes> kept;
    kept.emplace_back(size, std::byte{value});
    return kept.back();
}

TEST(Memory, Segments) {
    Memory memory;
    memory.add({0x1000, filled(8, 1)});
    memory.add({0x2000, filled(6, 2)});
    EXPECT_EQ(memory.u32(0x1004), 0x01010101U);
    EXPECT_EQ(memory.u32(0x1005), std::nullopt) << "its end";
    EXPECT_EQ(memory.from(0x2002).size(), 4U);
    EXPECT_TRUE(memory.from(0x2006).empty());
    EXPECT_EQ(memory.find(0xFFF), nullptr);
    EXPECT_EQ(memory.find(0x2005)->start, 0x2000U);
}

TEST(Memory, WhatWasAddedFirstIsSeen) {
    Memory memory;
    memory.add({0x1010, filled(0x10, 1)});
    memory.add({0x1030, filled(0x10, 2)});
    memory.add({0x1000, filled(0x50, 3)});
    EXPECT_EQ(memory.u32(0x1000), 0x03030303U);
    EXPECT_EQ(memory.u32(0x1010), 0x01010101U);
    EXPECT_EQ(memory.u32(0x1020), 0x03030303U);
    EXPECT_EQ(memory.u32(0x103C), 0x02020202U);
    EXPECT_EQ(memory.from(0x1040).size(), 0x10U);
    memory.add({0x1014, filled(4, 4)});
    EXPECT_EQ(memory.u32(0x1014), 0x01010101U) << "it was all there";
}

TEST(Memory, EndsWithTheAddressSpace) {
    Memory memory;
    memory.add({0xFFFFFFFC, filled(16, 1)});
    EXPECT_EQ(memory.from(0xFFFFFFFC).size(), 4U);
    EXPECT_EQ(memory.find(0), nullptr);
}

/// They cost time by the square of their number.
TEST(Memory, TooManyOverlaps) {
    const auto overlap = [] {
        Memory memory;
        const auto bytes = filled(1U << 16U, 0);
        for (std::uint32_t i = 0; i < 1000; ++i) {
            memory.add({i * 32, bytes.first(4)});
        }
        for (std::uint32_t i = 0; i < 1000; ++i) {
            memory.add({0, bytes});
        }
    };
    EXPECT_EQ(test::verdict(overlap), "the core dump is damaged: its memory segments overlap");
}

}  // namespace
}  // namespace coredepot::decoder
