// What esp-backtrace prints of the stack where there are no frame pointers: `STACKDUMP: `.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/support/crash_pairs.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/stopped_program.hpp"

namespace coredepot::decoder {
namespace {

const std::string kPanic =
    "====================== PANIC ======================\npanicked at firmware.rs:50:9:\n"
    "index out of bounds: the len is 4 but the index is 7\n";

std::string hex(std::uint32_t word) {
    std::string text(9, '\0');
    std::snprintf(text.data(), text.size(), "%08x", word);
    text.resize(8);
    return text;
}

std::filesystem::path folder() {
    return test::crash_dir().parent_path() / "rust";
}

/// A stop of the program in its panic handler, which has nothing on the stack, as esp-backtrace
/// would print it of the handler's caller: a place in that, and the stack. (Behind the call, which
/// does not return, is another function.)
std::string printed(const test::Stop& stop) {
    std::string text = kPanic + "STACKDUMP: " + hex(stop.registers.at(1) - 4) + ' ';
    for (const auto word : stop.stack) text += hex(__builtin_bswap32(word));
    return text + "\n\n\n\n";
}

test::Stop stop_of(const std::string& label) {
    const auto stops = test::read_stops(folder() / "dumps");
    return *std::ranges::find(stops, label, &test::Stop::label);
}

std::vector<std::string> functions(const Report& report) {
    std::vector<std::string> names;
    for (const Frame& frame : report.tasks.at(0).frames) names.push_back(frame.function);
    return names;
}

TEST(RustStack, IsReadByteByByte) {
    const auto panic = read_panic_text(kPanic + "STACKDUMP: 42000100 34120042786000420a\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->reason,
              "panicked at firmware.rs:50:9: index out of bounds: the len is 4 but the index is 7");
    const CoreText& core = panic->cores.at(0);
    EXPECT_TRUE(core.stack_is_unplaced);
    EXPECT_EQ(core.registers.at("MEPC"), 0x42000100U);
    EXPECT_EQ(core.stack, (std::vector<std::uint32_t>{0x42001234, 0x42006078}));
}

TEST(RustStack, HasTheFramesOfTheCoreDump) {
    const auto dumps = test::decode_pairs("rust");
    for (const auto* build : {"debug", "fast", "small", "mangled"}) {
        const auto stop = stop_of(std::string{build} + ",1");
        const auto elf = folder() / (std::string{build} + ".elf");
        const Report report = decode(test::to_bytes(printed(stop)), elf, "");
        const Report& dump = dumps.at(1).at(build);
        const auto found = functions(report);
        auto expected = functions(dump);
        expected.erase(expected.begin(), std::ranges::find(expected, found.at(0)));
        EXPECT_EQ(found, expected) << build;
        EXPECT_TRUE(found.at(0).starts_with("core::panicking::")) << build;
        EXPECT_EQ(report.crash.signature, dump.crash.signature) << build;
        EXPECT_EQ(report.tasks.at(0).stack_pointer, stop.registers.at(2))
            << "it goes up to _stack_start";
        EXPECT_TRUE(report.findings.empty());
    }
}

/// 4 KiB, or what else the firmware was told, and the stack is longer.
TEST(RustStack, ThatWasCutOffHasNoPlace) {
    auto stop = stop_of("fast,1");
    stop.stack.resize(1024);
    const Report report = decode(test::to_bytes(printed(stop)), folder() / "fast.elf", "");
    EXPECT_EQ(functions(report).back(), "_start");
    EXPECT_EQ(report.findings.at(0),
              "The text does not tell where the stack was: the stack pointer is made up.");
}

TEST(RustStack, WithoutWordsOrAnAddressIsNone) {
    for (const auto* line :
         {"STACKDUMP: ", "STACKDUMP: 42000100", "STACKDUMP: 4200010 00000000",
          "STACKDUMP: xxxxxxxx 00000000", "Stack dumps are not supported with DEFMT."}) {
        EXPECT_NE(test::verdict([&] { read_panic_text(kPanic + line + '\n'); }), "") << line;
    }
}

}  // namespace
}  // namespace coredepot::decoder
