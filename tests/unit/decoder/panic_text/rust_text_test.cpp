// What Rust firmware without ESP-IDF prints (esp-backtrace, esp-hal), in the forms of its versions.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using Calls = std::vector<std::uint32_t>;
using Names = std::vector<std::string>;

/// Its calls are behind a panic with a message.
void expect_panic(const std::string& log, const std::string& reason) {
    const auto panic = read_panic_text(log);
    ASSERT_TRUE(panic.has_value()) << log;
    EXPECT_EQ(panic->reason, reason);
    EXPECT_EQ(panic->exception, "");
    ASSERT_EQ(panic->cores.size(), 1U);
    EXPECT_EQ(panic->cores[0].calls, (Calls{0x42000100, 0x4200014C}));
    EXPECT_TRUE(panic->remarks.empty());
}

TEST(RustText, Panics) {
    const std::string backtrace =
        "\nBacktrace:\n\n0x42000100\n0x42000100 - main\n    at C:\\tmp\\src\\main.rs:25\n"
        "0x4200014c\n0x4200014c - _start_rust\n    at ??:??\n";
    expect_panic(
        "\n\n!! A panic occured in 'src\\main.rs', at line 25, column 5\n\nPanicInfo {\n"
        "    payload: Any { .. },\n    message: Some(\n        This is a panic,\n    ),\n"
        "    location: Location {\n        file: \"src\\\\main.rs\",\n        line: 25,\n"
        "        col: 5,\n    },\n    can_unwind: true,\n    force_no_backtrace: false,\n"
        "}\n" +
            backtrace,
        "panicked at src\\main.rs:25:5: This is a panic");
    expect_panic(
        "!! A panic occured in 'src/main.rs', at line 15, column 5:\nThis is a panic\n" + backtrace,
        "panicked at src/main.rs:15:5: This is a panic");
    expect_panic(
        "====================== PANIC ======================\npanicked at src/main.rs:15:5:\n"
        "This is a panic\n" +
            backtrace,
        "panicked at src/main.rs:15:5: This is a panic");
}

TEST(RustText, MayHaveSomethingAroundEachLine) {
    const std::string end = " (esp_backtrace esp-backtrace/src/lib.rs:70)\n";
    expect_panic("1.02 [ERROR] ====================== PANIC ======================" + end +
                     "1.03 [ERROR] panicked at src/main.rs:43:5:\n"
                     "1.04 [ERROR] the index is 7\n1.05 [ERROR] Backtrace:" +
                     end + "1.06 [ERROR] 0x42000100" + end + "1.07 [ERROR] 0x4200014c" + end,
                 "panicked at src/main.rs:43:5: the index is 7");
}

TEST(RustText, ExceptionsOfRiscV) {
    const auto panic = read_panic_text(
        "Exception 'Store/AMO access fault' mepc=0x42000018, mtval=0x00000005\nTrapFrame\n"
        "PC=0x42000018         RA/x1=0x42000100      SP/x2=0x3fc98300      GP/x3=0x00000000\n"
        "S0/FP/x8=0x3fc98340   S1/x9=0x00000001\nA0/x10=0x00000005     A1/x11=0x00000002\n"
        "T5/x30=0x00000003      T6/x31=0x00000004\n\nMSTATUS=0x00001881\nMCAUSE=0x00000007\n"
        "MTVAL=0x00000005\n\n0x42000100\n0x4200014c\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->exception, "Store/AMO access fault");
    const CoreText& core = panic->cores.at(0);
    EXPECT_EQ(core.calls, (Calls{0x42000100, 0x4200014C}));
    EXPECT_FALSE(core.has_heading);
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::uint32_t>>{{"MEPC", 0x42000018},
                                                            {"RA", 0x42000100},
                                                            {"SP", 0x3FC98300},
                                                            {"S0/FP", 0x3FC98340},
                                                            {"A1", 2},
                                                            {"T6", 4},
                                                            {"MCAUSE", 7},
                                                            {"MTVAL", 5}}) {
        ASSERT_TRUE(core.registers.contains(name)) << name;
        EXPECT_EQ(core.registers.at(name), value) << name;
    }
    EXPECT_FALSE(core.registers.contains("PC"));  // that is a register of the other CPU
}

/// Rust prints the same structure in decimals or in hexadecimals without a prefix.
TEST(RustText, RegistersInOneLine) {
    const auto registers = [](const std::string& line) {
        const auto panic = read_panic_text(line + "\n0x42000100\n");
        return panic ? panic->cores.at(0).registers : std::map<std::string, std::uint32_t>{};
    };
    const auto decimal = registers(
        "1.0 [ERROR] panicked at 'Exception 'Load access fault' mepc=420ef8f0, mtval=ffd0000f\n"
        "TrapFrame { ra: 1108277650, t0: 202, a0: 8, s0: 16 }' (esp_hal mod.rs:46)");
    EXPECT_EQ(decimal.at("MEPC"), 0x420EF8F0U);
    EXPECT_EQ(decimal.at("RA"), 1108277650U);
    EXPECT_EQ(decimal.at("T0"), 202U);
    EXPECT_EQ(decimal.at("S0/FP"), 16U);
    const auto xtensa = registers(
        "Exception occurred on ProCpu 'InstrProhibited'\n"
        "Context { PC: 32, PS: 393237, A0: 2181152054, A1: 1070176400, EXCCAUSE: 20 }");
    EXPECT_EQ(xtensa.at("PC"), 32U);
    EXPECT_EQ(xtensa.at("A0"), 2181152054U);
    const auto hex = registers(
        "Exception: StoreProhibited, Context { PC: 400f4699, PS: 00060f30, A0: 800d9332, "
        "A2: 00000001, EXCVADDR: 00000001 }");
    EXPECT_EQ(hex.at("PC"), 0x400F4699U);
    EXPECT_EQ(hex.at("A2"), 1U);
}

TEST(RustText, StackOverflows) {
    const auto panic =
        read_panic_text("Stack overflow detected at 0x42000018 called by 0x42000100\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->cores.at(0).registers.at("MEPC"), 0x42000018U);
    EXPECT_EQ(panic->cores.at(0).registers.at("RA"), 0x42000100U);
    const auto guard = read_panic_text(
        "panicked at src/exception_handler/mod.rs:40:9:\n\n\nDetected a write to the stack guard "
        "value on ProCpu\nContext { PC: 1108277650, A1: 1070176400 "
        "}\n\nBacktrace:\n\n0x42000100\n");
    ASSERT_TRUE(guard.has_value());
    EXPECT_EQ(guard->reason, "Detected a write to the stack guard value on ProCpu");
    EXPECT_EQ(guard->cores.at(0).registers.at("PC"), 1108277650U);
    EXPECT_EQ(guard->cores.at(0).calls, Calls{0x42000100});
}

TEST(RustText, UnderEspIdfItEndsInAbort) {
    const auto panic = read_panic_text(
        "thread 'main' panicked at src/main.rs:2:5:\noh no\nnote: run with `RUST_BACKTRACE=1` "
        "environment variable to display a backtrace\n\nabort() was called at PC 0x42029be5 on "
        "core 0\nBacktrace: 0x40081111:0x3ffb0000\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->reason, "abort() was called at PC 0x42029be5 on core 0");
    EXPECT_EQ(panic->remarks, Names{"panicked at src/main.rs:2:5: oh no"});
}

TEST(RustText, WithoutABacktraceIsCutOff) {
    EXPECT_EQ(test::verdict([] {
                  read_panic_text(
                      "panicked at src/main.rs:2:5:\noh no\n\nBacktrace:\n\n"
                      "No backtrace available - make sure to force frame-pointers.\n");
              }),
              "this is the text of a panic that was cut off: it has neither registers nor a "
              "backtrace; it says: panicked at src/main.rs:2:5: oh no");
}

Names functions(const Report& report) {
    Names names;
    std::ranges::transform(report.tasks.at(0).frames, std::back_inserter(names), &Frame::function);
    return names;
}

Report decode_thermostat(const std::string& text) {
    return decode(test::to_bytes(text), test::crash_dir() / "thermostat.elf", "");
}

/// Where a call is listed, where it returns to, or something in between: the call is the same.
TEST(RustText, CallsAreFoundHoweverTheyAreListed) {
    for (const auto* calls : {"0x80000e2c\n0x80000e66\n", "0x80000e30\n0x80000e6a\n"}) {
        const auto report = decode_thermostat("panicked at src/main.rs:2:5:\nno\nBacktrace:\n" +
                                              std::string{calls});
        EXPECT_EQ(functions(report), (Names{"regulate_zone", "regulate_zones"}));
        EXPECT_EQ(report.tasks.at(0).frames.at(0).line, 36);
        EXPECT_EQ(report.tasks.at(0).frames.at(1).line, 43);
        EXPECT_EQ(report.crash.kind, kinds::kRustPanic);
        EXPECT_TRUE(report.findings.empty());
    }
}

TEST(RustText, AnExceptionIsThatOfTheCoreDump) {
    const auto dump = decode(test::read_bytes(test::crash_dir() / "coredump.bin"),
                             test::crash_dir() / "thermostat.elf", "esp32c3");
    const auto text = decode_thermostat(
        "Exception 'Store/AMO access fault' mepc=0x80000cd4, mtval=0x00000005\nTrapFrame\n"
        "PC=0x80000cd4         RA/x1=0x80000ce6\n0x80000e2c\n0x80000e66\n");
    EXPECT_EQ(text.crash.signature, dump.crash.signature);
    EXPECT_EQ(text.crash.title, dump.crash.title + " (ELF not verified)");
    EXPECT_EQ(text.exception->cause, dump.exception->cause);
}

/// esp-hal 1.0 panics in its exception handler, whose calls come first.
TEST(RustText, CallsOfTheExceptionHandlerAreLeftOut) {
    constexpr std::uint32_t kCode = 0x40080000;
    const auto elf = test::application(kMachineXtensa, kCode, test::Bytes(0x400),
                                       {{"core_panic", kCode, 0x100, false},
                                        {"__user_exception", kCode + 0x100, 0x100, false},
                                        {"parse", kCode + 0x200, 0x100, false},
                                        {"app", kCode + 0x300, 0x100, false}});
    const test::TemporaryFile file{elf};
    const auto report =
        decode(test::to_bytes(
                   "panicked at mod.rs:10:5:\n\n\nException occurred on AppCpu 'LoadProhibited'\n"
                   "Context { PC: 1074266640, PS: 393237, EXCCAUSE: 28, EXCVADDR: 5 }\n\n"
                   "Backtrace:\n\n0x40080010\n0x40080110\n0x40080310\n"),
               file.path(), "");
    EXPECT_EQ(functions(report), (Names{"parse", "app"}));
    EXPECT_EQ(report.crash.kind, kinds::kLoad);
    EXPECT_EQ(report.exception->address, 5U);
    EXPECT_EQ(test::verdict([&] {
                  decode(test::to_bytes("panicked at a.rs:1:1:\nno\nBacktrace:\n0x10\n0x20\n"),
                         file.path(), "");
              }),
              "the ELF does not fit: no address of the backtrace is code of it; it is of another "
              "application or chip");
}

}  // namespace
}  // namespace coredepot::decoder
