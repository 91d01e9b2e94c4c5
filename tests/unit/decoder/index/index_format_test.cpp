// The index of an ELF as it is kept in a file: what is read is what was written, or nothing.

#include "decoder/index/index_format.hpp"

#include <string>

#include <gtest/gtest.h>

#include "sha256.hpp"

namespace coredepot::decoder {
namespace {

const std::string kElf(64, 'a');
const std::string kOther(64, 'b');
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kCountAt = kVersionAt + 4 + 64 + 4;

DebugIndex sample() {
    return {{{0x42000000, 0x42000010, 0x0B},
             {0x42000010, 0x42000100, 0x1234},
             {0x42010000, 0x42010002, 0x0B}},
            0x5678};
}

/// `bytes` with its checksum made good.
std::string sealed(std::string bytes) {
    bytes.resize(bytes.size() - 64);
    return bytes + sha256_hex(bytes);
}

TEST(IndexFormat, ReadsWhatItWrote) {
    EXPECT_EQ(read_index(write_index(sample(), kElf), kElf), sample());
    EXPECT_EQ(read_index(write_index({}, kElf), kElf), DebugIndex{});
}

TEST(IndexFormat, ALargeOneToo) {
    DebugIndex index;
    for (std::uint32_t i = 0; i < kMaxRanges; ++i) {
        index.ranges.push_back({i, i + 1, i});
    }
    const std::string bytes = write_index(index, kElf);
    EXPECT_LE(bytes.size(), kMaxIndexBytes);
    EXPECT_EQ(read_index(bytes, kElf), index);
}

TEST(IndexFormat, OfAnotherElf) {
    EXPECT_EQ(read_index(write_index(sample(), kOther), kElf), std::nullopt);
}

TEST(IndexFormat, OfAnotherVersion) {
    std::string bytes = write_index(sample(), kElf);
    ++bytes.at(kVersionAt);
    EXPECT_EQ(read_index(sealed(bytes), kElf), std::nullopt);
}

TEST(IndexFormat, CutOff) {
    const std::string whole = write_index(sample(), kElf);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(read_index(whole.substr(0, size), kElf), std::nullopt) << size;
        if (size >= 64) {
            EXPECT_EQ(read_index(sealed(whole.substr(0, size)), kElf), std::nullopt) << size;
        }
    }
    EXPECT_EQ(read_index(whole + '\0', kElf), std::nullopt);
}

TEST(IndexFormat, AnyByteDamaged) {
    const std::string whole = write_index(sample(), kElf);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
        EXPECT_EQ(read_index(damaged, kElf), std::nullopt) << i;
    }
}

TEST(IndexFormat, ANumberOfRangesThatIsALie) {
    const std::string whole = write_index(sample(), kElf);
    for (const char* const count : {"\0\0\0\0", "\2\0\0\0", "\4\0\0\0", "\xFF\xFF\xFF\xFF"}) {
        std::string bytes = whole;
        bytes.replace(kCountAt, 4, std::string(count, 4));
        EXPECT_EQ(read_index(sealed(bytes), kElf), std::nullopt);
    }
}

TEST(IndexFormat, RangesThatCannotBe) {
    DebugIndex unsorted = sample();
    std::swap(unsorted.ranges.front(), unsorted.ranges.back());
    EXPECT_EQ(read_index(write_index(unsorted, kElf), kElf), std::nullopt);
    DebugIndex empty = sample();
    empty.ranges.front().end = empty.ranges.front().start;
    EXPECT_EQ(read_index(write_index(empty, kElf), kElf), std::nullopt);
}

}  // namespace
}  // namespace coredepot::decoder
