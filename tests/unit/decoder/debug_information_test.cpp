// Debug information of all kinds gives the same report, or the report says what was not read:
// tests/data/values/values.c, built in several ways.

#include <cstdint>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/elf_editor.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kInInnermost = 0x4200000E;
constexpr std::uint32_t kAfterSecondJump = 0x4200004A;
constexpr std::uint32_t kAfterOuter = 0x42000068;

std::filesystem::path built(const std::string& name) {
    return std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/values" / name;
}

/// A crash in innermost(), that outer() called.
Report decoded(const std::filesystem::path& elf) {
    constexpr std::size_t kS1 = 9;
    auto registers = test::riscv_registers(kInInnermost, kAfterSecondJump, kStack);
    registers.at(kS1) = 5;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Writer{}.words({0, 0, 0, kAfterOuter, 0, 0, 0, 0}).content());
    core.task(kTcb, registers);
    return decode(core.build(), elf, "esp32c3");
}

/// Frames with arguments and lines, as the text of the report has them.
std::string backtrace(const Report& report) {
    const std::string text = to_text(report);
    const auto start = text.find("CURRENT THREAD STACK");
    return text.substr(start, text.find("THREADS INFO") - start);
}

std::string findings_in(const Report& report) {
    std::string text;
    for (const std::string& finding : report.findings) {
        text += finding + '\n';
    }
    return text;
}

TEST(DebugInformation, PackedByZstdIsRead) {
    EXPECT_EQ(backtrace(decoded(built("values-zstd.elf"))),
              backtrace(decoded(built("values.elf"))));
}

TEST(DebugInformation, PackedTheOldWayIsRead) {
    EXPECT_EQ(backtrace(decoded(built("values-zdebug.elf"))),
              backtrace(decoded(built("values.elf"))));
}

TEST(DebugInformation, WithTypesInUnitsOfTheirOwnIsRead) {
    EXPECT_EQ(backtrace(decoded(built("values-types.elf"))),
              backtrace(decoded(built("values.elf"))));
}

/// Its unit cannot say which code it is about, since that is in several places.
TEST(DebugInformation, OfStrictDwarf2IsRead) {
    const auto frames = decoded(built("values-dwarf2.elf")).tasks.at(0).frames;
    ASSERT_GE(frames.size(), 2U);
    EXPECT_EQ(frames.at(0).function, "innermost");
    EXPECT_EQ(frames.at(0).file, "/values/values.c");
    EXPECT_GT(frames.at(0).line, 0);
    ASSERT_EQ(frames.at(0).args.size(), 1U);
    EXPECT_EQ(frames.at(1).function, "outer");
    EXPECT_EQ(frames.at(1).args.size(), 1U);
}

TEST(DebugInformation, InAnotherFileIsNotReadWhichIsSaid) {
    const Report report = decoded(built("values-split.elf"));
    const auto& frame = report.tasks.at(0).frames.at(0);
    EXPECT_EQ(frame.function, "innermost");
    EXPECT_EQ(frame.file, "/values/values.c");
    EXPECT_GT(frame.line, 0);
    EXPECT_EQ(findings_in(report),
              "Variables and inlined calls are in values-split.elf-values.dwo, which is not read: "
              "build without -gsplit-dwarf.\n");
    EXPECT_EQ(findings_in(decoded(built("values.elf"))), "");
}

/// Of the ELFs packed by zstd and the old way with one section that says it unpacks to `size`.
test::Bytes with_wrong_size(const std::string& name, std::string_view section, std::size_t place,
                            test::Bytes size) {
    test::Bytes elf = test::read_bytes(built(name));
    const std::uint32_t offset = test::section_offset(elf, section);
    std::ranges::copy(size, elf.begin() + static_cast<std::ptrdiff_t>(offset + place));
    return elf;
}

TEST(DebugInformation, PackedThatIsDamagedIsRefused) {
    constexpr std::size_t kSizeInZstd = 4;    // behind the kind of compression
    constexpr std::size_t kSizeInZdebug = 4;  // behind "ZLIB"
    const auto refusal = [](const test::Bytes& elf) {
        const test::TemporaryFile file{elf};
        return test::verdict([&] { decoded(file.path()); });
    };
    const test::Bytes huge(8, std::byte{0xFF});
    const test::Bytes wrong = test::Writer{}.u32(1000).content();
    EXPECT_EQ(refusal(with_wrong_size("values-zstd.elf", ".debug_info", kSizeInZstd, wrong)),
              "the ELF is damaged: a section compressed by zstd cannot be read");
    EXPECT_EQ(refusal(with_wrong_size("values-zstd.elf", ".debug_info", kSizeInZstd,
                                      {huge.begin(), huge.begin() + 4})),
              "the sections of the ELF take more than 100663296 bytes");
    EXPECT_EQ(refusal(with_wrong_size("values-zdebug.elf", ".zdebug_info", kSizeInZdebug, huge)),
              "the ELF is damaged: its section .debug_info has 100663297 bytes");
    EXPECT_EQ(refusal(with_wrong_size("values-zdebug.elf", ".zdebug_info", kSizeInZdebug + 4,
                                      test::Writer{}.u32(0x00100000).content())),
              "the ELF is damaged: a compressed section cannot be read");
}

/// LZMA, which no toolchain writes yet.
TEST(DebugInformation, PackedInAnUnknownWayIsNotReadWhichIsSaid) {
    const test::TemporaryFile elf{
        with_wrong_size("values-zstd.elf", ".debug_info", 0, test::Writer{}.u32(77).content())};
    EXPECT_EQ(findings_in(decoded(elf.path())),
              "The ELF's sections .debug_info are compressed in a way that is not known, and are "
              "not read: build with -gz=none.\n");
}

}  // namespace
}  // namespace coredepot::decoder
