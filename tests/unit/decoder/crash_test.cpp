// The decoder on the crash of our own (tests/data/crash), against what gdb and addr2line say.

#include <string>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/dump/container.hpp"
#include "decoder/support/backtrace_text.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

std::string crash_file(const std::string& name) {
    return test::crash_dir() / name;
}

Report decode_crash(const std::string& name) {
    return decode(test::read_bytes(crash_file(name)), crash_file("thermostat.elf"), "esp32c3");
}

TEST(Crash, UartBase64IsTheSame) {
    EXPECT_EQ(test::backtraces(decode_crash("coredump.b64")),
              test::read_text(crash_file("expected_backtrace")));
    EXPECT_EQ(test::backtraces(decode_crash("coredump_abort.b64")),
              test::read_text(crash_file("expected_backtrace_abort")));
}

TEST(Crash, ExceptionAndPanicReason) {
    const Report store = decode_crash("coredump.bin");
    ASSERT_TRUE(store.exception.has_value());
    EXPECT_EQ(store.exception->cause, 7U);
    EXPECT_EQ(store.exception->address, 5U);
    EXPECT_EQ(store.exception->name, "Store/AMO access fault");
    EXPECT_EQ(store.panic_reason, "");
    EXPECT_EQ(store.in_interrupt, false);
    EXPECT_TRUE(store.elf_verified);
    EXPECT_EQ(decode_crash("coredump_abort.bin").panic_reason,
              "abort() was called at PC 0x80000beb on core 0");
}

TEST(Crash, InlinedFramesCarryTheAddressOfTheirPhysicalFrame) {
    const auto frames = decode_crash("coredump.bin").tasks.at(0).frames;
    EXPECT_EQ(frames.at(0).function, "relay_set_duty");
    EXPECT_TRUE(frames.at(0).inlined);
    EXPECT_FALSE(frames.at(1).inlined);
    EXPECT_EQ(frames.at(0).pc, frames.at(1).pc);
}

/// `name=value` of each, and what it was called with where that differs.
std::string values(const std::vector<Variable>& variables) {
    std::string text;
    for (const Variable& variable : variables) {
        text += (text.empty() ? "" : ", ") + variable.name + '=' + variable.value;
        text += variable.entry_value.empty() ? "" : " (" + variable.entry_value + " at entry)";
    }
    return text;
}

TEST(Crash, ArgumentsAndLocalVariables) {
    const auto frames = decode_crash("coredump.bin").tasks.at(0).frames;
    EXPECT_EQ(values(frames.at(0).args), "percent=49 '1', relay=0x0");
    EXPECT_EQ(values(frames.at(0).locals), "limited=49 '1'");
    EXPECT_EQ(values(frames.at(1).args),
              "heater=0x80002140 <zones+76>, mode=ZONE_BOOST, percent=49");
    EXPECT_EQ(values(frames.at(1).locals), "relay=0x0, watts=367");
    EXPECT_EQ(values(frames.at(2).args),
              "zone=0x8000212c <zones+56>, setpoint={target = 235, hysteresis = 5, "
              "valid_until_tick = 7200}, pass=2");
    EXPECT_EQ(values(frames.at(3).locals), "i=2, total_watts=0");
    EXPECT_EQ(frames.at(1).args.at(0).type, "const struct heater *");
    EXPECT_EQ(frames.at(1).args.at(1).type, "enum zone_mode");
}

TEST(Crash, StringsOfOtherTasks) {
    const auto report = decode_crash("coredump.bin");
    const Frame& publish = report.tasks.at(3).frames.at(3);
    EXPECT_EQ(publish.function, "uplink_publish");
    EXPECT_EQ(values(publish.args),
              "topic=0x80001d74 \"home/7f3a9c21/state\", report=0x8000424c <ucHeap.0+8428>, "
              "qos=QOS_AT_LEAST_ONCE");
}

TEST(Crash, BareCoreElfNeedsNoHeader) {
    const auto image = test::read_bytes(crash_file("coredump.bin"));
    const auto body = open_container(image).body;
    const Report report = decode(body, crash_file("thermostat.elf"), "");
    EXPECT_EQ(test::backtraces(report), test::read_text(crash_file("expected_backtrace")));
    EXPECT_EQ(report.chip, "esp32c3");
    EXPECT_TRUE(report.elf_verified);
}

TEST(Crash, BytesAfterTheImageAreIgnored) {
    auto image = test::read_bytes(crash_file("coredump.bin"));
    image.resize(65'536, std::byte{0xFF});  // the rest of the flash partition
    EXPECT_EQ(test::backtraces(decode(image, crash_file("thermostat.elf"), "esp32c3")),
              test::read_text(crash_file("expected_backtrace")));
}

TEST(Crash, PrefixOfTheElf) {
    const auto prefix = read_facts(test::read_bytes(crash_file("coredump.b64"))).elf_sha256_prefix;
    ASSERT_TRUE(prefix.has_value());
    EXPECT_EQ(prefix->size(), 9U);
    EXPECT_TRUE(decode_crash("coredump.bin").elf_sha256.starts_with(*prefix));
}

TEST(Crash, AnotherBuildOfTheElfIsRefused) {
    auto elf = test::read_bytes(crash_file("thermostat.elf"));
    elf.push_back(std::byte{0});
    const test::TemporaryFile other{elf};
    const auto dump = test::read_bytes(crash_file("coredump.bin"));
    const std::string reason = test::verdict([&] { decode(dump, other.path(), "esp32c3"); });
    EXPECT_NE(reason.find("the ELF does not match: the core dump was made by the ELF whose SHA-256 "
                          "starts with '" +
                          *read_facts(dump).elf_sha256_prefix + "', the given one's is '"),
              std::string::npos)
        << reason;
}

TEST(Crash, TheImageIsNoElf) {
    const auto dump = test::read_bytes(crash_file("coredump.bin"));
    EXPECT_EQ(test::verdict([&] { decode(dump, crash_file("thermostat.bin"), "esp32c3"); }),
              "the ELF given is not an ELF file");
}

TEST(Crash, AMissingElfIsNoVerdict) {
    const auto dump = test::read_bytes(crash_file("coredump.bin"));
    EXPECT_THROW(decode(dump, crash_file("no.elf"), "esp32c3"), std::system_error);
}

TEST(Crash, AnotherChipIsRefused) {
    const auto dump = test::read_bytes(crash_file("coredump.bin"));
    EXPECT_EQ(test::verdict([&] { decode(dump, crash_file("thermostat.elf"), "esp32c6"); }),
              "the core dump is of another chip: the request says 'esp32c6', the dump was made by "
              "'esp32c3'");
}

/// No prefix of a dump may crash the decoder, nor look whole.
TEST(Crash, EveryTruncationIsAVerdict) {
    const auto image = test::read_bytes(crash_file("coredump.bin"));
    const auto body = open_container(image).body;
    for (std::size_t size = 0; size < image.size(); ++size) {
        const auto prefix = std::span{image}.first(size);
        EXPECT_NE(test::verdict([&] { decode(prefix, crash_file("thermostat.elf"), ""); }), "")
            << size << " bytes of the flash image";
    }
    for (std::size_t size = 0; size < body.size(); ++size) {
        // A bare ELF has no length: what ends between two notes may pass. It may not crash.
        test::verdict([&] { decode(body.first(size), crash_file("thermostat.elf"), ""); });
    }
    const auto log = test::read_bytes(crash_file("coredump.b64"));
    for (std::size_t size = 0; size + 100 < log.size(); ++size) {
        const auto prefix = std::span{log}.first(size);
        EXPECT_NE(test::verdict([&] { decode(prefix, crash_file("thermostat.elf"), ""); }), "")
            << size << " bytes of the log";
    }
}

}  // namespace
}  // namespace coredepot::decoder
