#include "decoder/dump/container.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "decoder/bytes/crc32.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;

std::string refusal(const Bytes& dump) {
    return test::verdict([&] { open_container(dump); });
}

class Version : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Version, HeaderBodyAndChecksumAreToldApart) {
    const Bytes body = test::to_bytes("twelve bytes");
    const Bytes dump = test::container(5U << 16U | GetParam(), body, 3, 340, 2);
    const Container container = open_container(dump);
    EXPECT_EQ(Bytes(container.body.begin(), container.body.end()), body);
    EXPECT_EQ(container.chip->name, "esp32c3");
    const bool bin = GetParam() < 0x100;
    EXPECT_EQ(container.payload, bin ? Container::Payload::Bin : Container::Payload::Elf);
    EXPECT_EQ(container.task_count, bin ? 3U : 0U);
    EXPECT_EQ(container.tcb_size, bin ? 340U : 0U);
    EXPECT_EQ(container.segment_count, bin && GetParam() != 0x001 ? 2U : 0U);
}

TEST_P(Version, EveryDamagedBitIsNoticed) {
    const Bytes dump = test::container(5U << 16U | GetParam(), test::to_bytes("body"));
    for (std::size_t i = 8; i < dump.size(); ++i) {  // behind length and version
        Bytes damaged = dump;
        damaged[i] ^= std::byte{1};
        EXPECT_NE(refusal(damaged).find("the checksum of the core dump does not match"),
                  std::string::npos)
            << i;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Version,
                         testing::Values(0x001, 0x002, 0x003, 0x100, 0x101, 0x102, 0x103, 0x104));

TEST(Container, ChecksumMismatchNamesBoth) {
    Bytes dump = test::container(0x102, test::to_bytes("body"));
    dump.back() ^= std::byte{0xFF};
    const std::string reason = refusal(dump);
    EXPECT_NE(reason.find("it says 0x"), std::string::npos) << reason;
    EXPECT_NE(reason.find("its bytes make 0x"), std::string::npos) << reason;
}

/// What ESP-IDF does when the task watchdog panics.
TEST(Container, MayBeLongerThanItsHeaderSays) {
    const Bytes body(96);
    for (const std::uint32_t uncounted : {4, 32}) {
        Bytes dump = test::container(5U << 16U | 0x102, body);
        const auto length = static_cast<std::uint32_t>(dump.size());
        dump.resize(dump.size() - 4);  // the checksum
        const Bytes header = test::Writer{}.u32(length - uncounted).content();
        std::ranges::copy(header, dump.begin());
        const Bytes checksum = test::Writer{}.u32(crc32(dump)).content();
        dump.insert(dump.end(), checksum.begin(), checksum.end());
        EXPECT_EQ(open_container(dump).body.size(), body.size()) << uncounted;
        dump.at(50) ^= std::byte{1};
        EXPECT_NE(refusal(dump), "") << uncounted;
    }
}

TEST(Container, Truncated) {
    Bytes dump = test::container(0x102, Bytes(1000));
    dump.resize(500);
    EXPECT_EQ(refusal(dump),
              "the core dump is truncated: its header says 1028 bytes and 500 are there");
}

TEST(Container, LengthTooSmall) {
    test::Writer dump;
    dump.u32(20).u32(0x102).zeros(100);
    EXPECT_EQ(refusal(dump.content()),
              "the core dump is damaged: its header says 20 bytes, less than header and checksum "
              "take");
}

TEST(Container, BlankFlash) {
    EXPECT_EQ(refusal(Bytes(4096, std::byte{0xFF})),
              "there is no core dump: the flash partition is blank (0xFF)");
}

TEST(Container, Empty) {
    EXPECT_EQ(refusal({}), "the core dump is empty");
}

TEST(Container, UnsupportedVersion) {
    test::Writer dump;
    dump.u32(100).u32(5U << 16U | 0x200).zeros(92);
    EXPECT_EQ(refusal(dump.content()), "core dump version 0x50200 is not supported");
}

TEST(Container, UnknownChip) {
    test::Writer dump;
    dump.u32(100).u32(99U << 16U | 0x102).zeros(92);
    EXPECT_EQ(refusal(dump.content()),
              "the core dump is of a chip that is not known: chip id 99 in version word 0x630102");
}

TEST(Container, SomethingElse) {
    const std::string no_dump =
        "this is not a core dump: neither a flash image, nor a core ELF, nor UART base64";
    EXPECT_EQ(refusal(test::to_bytes("<html>502 Bad Gateway</html>")), no_dump);
    EXPECT_EQ(refusal(test::to_bytes("x")), no_dump);
    EXPECT_EQ(refusal(Bytes(100)), no_dump);
    EXPECT_EQ(refusal(Bytes{std::byte{0xE9}, std::byte{0x00}, std::byte{0x80}}), no_dump);
}

TEST(Container, TooLarge) {
    EXPECT_NE(refusal(Bytes((16U << 20U) + 1)).find("none is larger than 16777216"),
              std::string::npos);
}

TEST(Container, Base64OfATruncatedDumpIsTruncated) {
    // Header of a dump of 0x24b4 bytes, and nothing else.
    EXPECT_EQ(refusal(test::to_bytes("tCQAAAIBAAAAAAAAAAAAAAAAAAAsAQAA\n")),
              "the core dump is truncated: its header says 9396 bytes and 24 are there");
}

/// As people copy them out of a terminal.
TEST(Container, LogsOfAllKinds) {
    const auto file = test::read_bytes(test::crash_dir() / "coredump.b64");
    const std::string dump(reinterpret_cast<const char*>(file.data()), file.size());
    const std::string start = "================= CORE DUMP START =================\r\n";
    const std::string end = "================= CORE DUMP END ===================\r\n";
    const auto half = dump.substr(0, dump.size() / 2);
    for (const std::string& log :
         {dump, "\xEF\xBB\xBF" + dump, "boot\ndone\n" + dump, "T=21\xC2\xB0" + ("C\n" + dump),
          std::string("\0\x80\xfe rst\n", 8) + start + dump + end,
          start + half + "rst:0xc (SW_CPU_RESET)\n" + start + dump + end,
          start + dump + end + start + half}) {
        EXPECT_EQ(open_container(test::to_bytes(log)).decoded.size(), 3488U) << log.substr(0, 80);
    }
    EXPECT_EQ(refusal(test::to_bytes(start + half + start)),
              "this is not a core dump: neither a flash image, nor a core ELF, nor UART base64");
}

TEST(Container, CoreElfInBase64) {
    const auto elf = test::to_bytes("f0VMRgEBAQAAAAAAAAAAAA==\n");
    EXPECT_EQ(open_container(elf).body.size(), 16U);
}

TEST(Container, Base64OwnsItsBytes) {
    const Container container = [] {
        const Bytes text = test::read_bytes(test::crash_dir() / "coredump.b64");
        return open_container(text);
    }();
    EXPECT_EQ(container.body.front(), std::byte{0x7F});
    EXPECT_EQ(container.decoded.size(), 3488U);
}

}  // namespace
}  // namespace coredepot::decoder
