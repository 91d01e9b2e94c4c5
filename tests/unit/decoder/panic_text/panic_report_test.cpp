// What the panic handler printed, against the core dump of the same crash: see
// tests/data/panic_text.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

std::filesystem::path text_dir() {
    return test::crash_dir().parent_path() / "panic_text";
}

Report decode_text(const std::string& text, const std::filesystem::path& elf,
                   const std::string& chip = "") {
    return decode(test::to_bytes(text), elf, chip);
}

Report decode_thermostat(const std::string& text) {
    return decode_text(text, test::crash_dir() / "thermostat.elf");
}

/// `0x80000cd4 relay_set_duty heater.c:39`, a frame a line.
std::string places(const Report& report) {
    std::string text;
    for (const Frame& frame : report.tasks.at(0).frames) {
        text += hex_address(frame.pc) + ' ' + frame.function + ' ' +
                std::filesystem::path(frame.file).filename().string() + ':' +
                std::to_string(frame.line) + '\n';
    }
    return text;
}

void expect_same(const Report& text, const Report& dump) {
    EXPECT_EQ(text.source, Source::PanicText);
    EXPECT_EQ(dump.source, Source::CoreDump);
    EXPECT_EQ(places(text), places(dump));
    EXPECT_EQ(text.tasks.at(0).unwind_end, dump.tasks.at(0).unwind_end);
    EXPECT_EQ(text.panic_reason, dump.panic_reason);
    EXPECT_EQ(text.crash.signature, dump.crash.signature);
    EXPECT_EQ(text.crash.title, dump.crash.title);
}

class Thermostat : public testing::TestWithParam<std::string> {};

TEST_P(Thermostat, IsAsItsCoreDump) {
    const auto dump =
        decode(test::read_bytes(test::crash_dir() / ("coredump" + GetParam() + ".bin")),
               test::crash_dir() / "thermostat.elf", "esp32c3");
    const auto text =
        decode_text(test::read_text(text_dir() / ("thermostat" + GetParam() + ".txt")),
                    test::crash_dir() / "thermostat.elf", "esp32c3");
    expect_same(text, dump);
    EXPECT_TRUE(text.elf_verified);
    EXPECT_EQ(text.chip, "esp32c3");
    ASSERT_EQ(text.exception.has_value(), dump.exception.has_value());
    if (dump.exception) {
        EXPECT_EQ(text.exception->cause, dump.exception->cause);
        EXPECT_EQ(text.exception->address, dump.exception->address);
    }
    for (std::size_t i = 0; i < dump.tasks.at(0).registers.size(); ++i) {
        EXPECT_EQ(text.tasks.at(0).registers.at(i).value, dump.tasks.at(0).registers.at(i).value);
    }
    // RISC-V prints enough of the stack for the variables of these frames, too.
    EXPECT_EQ(text.tasks.at(0).frames.at(0).args.size(), dump.tasks.at(0).frames.at(0).args.size());
}

INSTANTIATE_TEST_SUITE_P(PanicText, Thermostat,
                         testing::Values("", "_abort", "_assert", "_illegal", "_watchdog",
                                         "_interrupt"),
                         [](const auto& info) { return "Store" + info.param; });

/// Real firmware of both CPUs.
class PanicTextOf : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder())) {
            GTEST_SKIP() << "NOT TESTED: no real dumps in " << folder() << "; set CORES_DIR";
        }
    }
    std::filesystem::path folder() const { return test::cores_dir() / GetParam(); }
};

TEST_P(PanicTextOf, RealFirmwareIsAsItsCoreDump) {
    const auto dump = decode(test::read_bytes(folder() / "coredump.b64"), folder() / "app.elf", "");
    const auto text =
        decode_text(test::read_text(text_dir() / (GetParam() + ".txt")), folder() / "app.elf");
    expect_same(text, dump);
}

INSTANTIATE_TEST_SUITE_P(Cores, PanicTextOf, testing::Values("esp32", "esp32c3", "esp32s3_bin"),
                         [](const auto& info) { return info.param; });

TEST(PanicReport, SaysWhatItIsMadeOf) {
    const auto text = to_text(decode_thermostat(test::read_text(text_dir() / "thermostat.txt")));
    EXPECT_NE(text.find("ESP32 PANIC TEXT START"), std::string::npos);
    EXPECT_NE(text.find("\nSource: panic_text\nCrashed task: not told\n"), std::string::npos)
        << text;
    EXPECT_EQ(text.find("THREADS INFO"), std::string::npos);
}

TEST(PanicReport, TellsTheElfThatItNeeds) {
    const auto text = test::read_text(text_dir() / "thermostat.txt");
    const auto facts = read_facts(test::to_bytes("ESP-ROM:esp32c3-api1-20210207\r\n" + text));
    EXPECT_EQ(facts.elf_sha256_prefix, "4ac6f0c6e");
    EXPECT_EQ(facts.chip, "esp32c3");
    auto other = text;
    other.replace(other.find("4ac6f0c6e"), 9, "123456789");
    EXPECT_NE(test::verdict([&] { decode_thermostat(other); }).find("the ELF does not match"),
              std::string::npos);
}

/// Without its last lines, which name the ELF.
std::string without_hash(std::string text) {
    return text.substr(0, text.find("ELF file SHA256"));
}

TEST(PanicReport, ElfOfAnotherApplicationIsRefused) {
    const auto text = without_hash(test::read_text(text_dir() / "thermostat.txt"));
    EXPECT_FALSE(decode_thermostat(text).elf_verified);
    const auto elf = test::application(kMachineXtensa, 0x40100000, test::Bytes(64),
                                       {{"somewhere", 0x40100000, 64, false}});
    const test::TemporaryFile file{elf};
    EXPECT_EQ(test::verdict([&] {
                  decode_text("Backtrace: 0x400d1111:0x3ffb0000 0x400d2222:0x3ffb0020\n",
                              file.path());
              }),
              "the ELF does not fit: no address of the backtrace is code of it; it is of another "
              "application or chip");
}

TEST(PanicReport, JumpToNowhereHasItsCaller) {
    // A call by CALL8 through a null pointer: the device lists where it stopped and the caller of
    // the caller, as its a0 says; a8 tells the caller itself.
    constexpr std::uint32_t kCode = 0x40080000;
    const auto elf = test::application(
        kMachineXtensa, kCode, test::Bytes(0x300),
        {{"outer", kCode, 0x100, false}, {"caller", kCode + 0x100, 0x100, false}});
    const test::TemporaryFile file{elf};
    const Report report = decode_text(
        "Guru Meditation Error: Core  0 panic'ed (InstrFetchProhibited). Exception was unhandled.\n"
        "Core  0 register dump:\n"
        "PC      : 0x00000000  PS      : 0x00060230  A0      : 0x80080010  A1      : 0x3ffb5000\n"
        "A8      : 0x80080120  EXCCAUSE: 0x00000014  EXCVADDR: 0x00000000\n"
        "Backtrace: 0xfffffffd:0x3ffb5000 0x4008000d:0x3ffb5020\n",
        file.path());
    std::vector<std::string> functions;
    std::ranges::transform(report.tasks.at(0).frames, std::back_inserter(functions),
                           &Frame::function);
    EXPECT_EQ(functions, (std::vector<std::string>{"", "caller", "outer"}));
    EXPECT_EQ(report.exception->name, "InstFetchProhibitedCause");
    EXPECT_EQ(report.tasks.at(0).unwind_end, "");
}

/// The frames of a core dump have these as arguments; a backtrace has no arguments.
TEST(PanicReport, WhatTheConsoleSaidOfAFailedCheckNamesTheBug) {
    constexpr std::uint32_t kCode = 0x40080000;
    const auto elf = test::application(kMachineXtensa, kCode, test::Bytes(0x400),
                                       {{"panic_abort", kCode, 0x100, false},
                                        {"abort", kCode + 0x100, 0x100, false},
                                        {"_esp_error_check_failed", kCode + 0x200, 0x100, false},
                                        {"app_main", kCode + 0x300, 0x100, false}});
    const test::TemporaryFile file{elf};
    const auto crash = [&](const std::string& expression) {
        return decode_text(
                   "ESP_ERROR_CHECK failed: esp_err_t 0x102 (ESP_ERR_INVALID_ARG) at "
                   "0x40080310\nfile: \"./main/main.c\" line 21\nfunc: app_main\n"
                   "expression: " +
                       expression +
                       "\n\nabort() was called at PC 0x40080210 on core 0\n\n"
                       "Backtrace: 0x40080010:0x3ffb5000 0x40080110:0x3ffb5020 "
                       "0x40080210:0x3ffb5040 0x40080310:0x3ffb5060\n",
                   file.path())
            .crash;
    };
    EXPECT_EQ(crash("nvs_open(name)").kind, kinds::kErrorCheck);
    EXPECT_EQ(crash("nvs_open(name)").detail, "nvs_open(name)");
    EXPECT_NE(crash("nvs_open(name)").title.find("0x102"), std::string::npos);
    EXPECT_NE(crash("nvs_open(name)").signature, crash("nvs_close(name)").signature);
}

TEST(PanicReport, WatchpointAtTheEndOfAStackNamesItsTask) {
    constexpr std::uint32_t kCode = 0x40080000;
    const auto elf = test::application(kMachineXtensa, kCode, test::Bytes(0x100),
                                       {{"deep", kCode, 0x100, false}});
    const test::TemporaryFile file{elf};
    const Report report = decode_text(
        "Guru Meditation Error: Core  0 panic'ed (Unhandled debug exception). \n"
        "Debug exception reason: Stack canary watchpoint triggered (sensor) \n"
        "Core  0 register dump:\n"
        "PC      : 0x40080010  PS      : 0x00060030  A0      : 0x00000000  A1      : 0x3ffb5000\n"
        "EXCCAUSE: 0x00000001  EXCVADDR: 0x00000000\nBacktrace: 0x4008000d:0x3ffb5000\n",
        file.path());
    EXPECT_EQ(report.crash.title, "Stack overflow in task sensor");
    EXPECT_EQ(report.exception->cause, 65U);
    EXPECT_EQ(report.tasks.at(0).name, "sensor");
}

TEST(PanicReport, SaysThatTheDeviceFoundNoMore) {
    constexpr std::uint32_t kCode = 0x40080000;
    const auto elf =
        test::application(kMachineXtensa, kCode, test::Bytes(0x300),
                          {{"inner", kCode, 0x100, false}, {"outer", kCode + 0x100, 0x100, false}});
    const test::TemporaryFile file{elf};
    const std::string log = "Backtrace:0x40080010:0x3ffb5000 0x40080110:0x3ffb5020 ";
    const auto task = [&](const std::string& end) {
        return decode_text(log + end, file.path()).tasks.at(0);
    };
    EXPECT_EQ(task("").unwind_end, "");
    EXPECT_EQ(task("|<-CONTINUES").unwind_end, "the device printed no more frames");
    const Task corrupt = task("0x0006001e:0xa5a5a5a5 |<-CORRUPTED");
    EXPECT_EQ(corrupt.unwind_end, "the device found the stack corrupt here");
    EXPECT_EQ(corrupt.frames.at(1).function, "outer");
}

/// CONFIG_ESP_SYSTEM_USE_EH_FRAME and CONFIG_ESP_SYSTEM_USE_FRAME_POINTER: the device walks the
/// stack itself, and prints none of it.
TEST(PanicReport, TakesTheBacktraceOfRiscVWhereThereIsNoStack) {
    const Report report = decode_thermostat(
        "Core  0 register dump:\n"
        "MEPC    : 0x80000cd4  RA      : 0x80000ce6  SP      : 0x80003540\n"
        "MCAUSE  : 0x00000007  MTVAL   : 0x00000005\n"
        "Backtrace: 0x80000cd4:0x80003540 0x80000e30:0x80003550 0x80000e6a:0x80003590\n");
    EXPECT_EQ(places(report),
              "0x80000cd4 relay_set_duty heater.c:39\n"
              "0x80000cd4 heater_drive heater.c:60\n"
              "0x80000e30 regulate_zone thermostat.c:36\n"
              "0x80000e6a regulate_zones thermostat.c:43\n");
}

}  // namespace
}  // namespace coredepot::decoder
