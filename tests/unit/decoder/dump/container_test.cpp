#include "decoder/dump/container.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "decoder/bytes/crc32.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "text/hex.hpp"

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
              "the core dump is from an unknown chip: chip id 99 in version word 0x630102");
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
        EXPECT_EQ(open_container(test::to_bytes(log)).decoded->size(), 3488U) << log.substr(0, 80);
    }
    EXPECT_EQ(refusal(test::to_bytes(start + half + start)),
              "the core dump is truncated: its header says 3488 bytes and 1704 are there");
}

/// The same as people send it, each in other clothes.
TEST(Container, TextOfAllKinds) {
    const auto file = test::read_bytes(test::crash_dir() / "coredump.b64");
    const std::string dump(reinterpret_cast<const char*>(file.data()), file.size());
    const auto lines = [&](const std::string& before, const std::string& after) {
        std::string text;
        for (std::size_t start = 0; start < dump.size();) {
            const auto end = dump.find('\n', start);
            text += before + dump.substr(start, end - start) + after;
            start = end + 1;
        }
        return text;
    };
    const auto without = [](std::string text, char unwanted) {
        std::erase(text, unwanted);
        return text;
    };
    std::string url_alphabet = dump;
    std::ranges::replace(url_alphabet, '+', '-');
    std::ranges::replace(url_alphabet, '/', '_');
    const std::string rule = "================= CORE DUMP START =================";
    const std::map<std::string, std::string> texts = {
        {"words before", "ABCDEFGHIJKLMNOPQRST\n" + dump},
        {"coloured", rule + "\x1b[0m\n" + lines("\x1b[0;31m", "\x1b[0m\n")},
        {"without padding", without(dump, '=')},
        {"in the URL alphabet", url_alphabet},
        {"in one line", without(dump, '\n')},
        {"behind words", "level=info msg=" + rule + '\n' + lines("level=info msg=", "\n")},
        {"behind a time", lines("[12:00:01.003] ", "\r\n")},
        {"in JSON",
         "{\"device\": \"abcdefghijklmnop\", \"core\": \"" + without(dump, '\n') + "\"}"},
        {"in JSON with lines", "{\"core\": \"" + lines("", "\\n") + "\", \"chip\": 5}"},
        {"in a JSON array of lines", "[\"" + rule + "\", \"" + lines("", "\", \"") + "\"]"},
        {"a data: URL", "data:application/octet-stream;base64," + without(dump, '\n')},
    };
    for (const auto& [name, text] : texts) {
        EXPECT_EQ(refusal(test::to_bytes(text)), "") << name;
    }
}

TEST(Container, HexText) {
    const auto dump = test::read_bytes(test::crash_dir() / "coredump.bin");
    const std::string text = to_hex({reinterpret_cast<const char*>(dump.data()), dump.size()});
    std::string upper = text;
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' ? c - 'a' + 'A' : c; });
    EXPECT_EQ(*open_container(test::to_bytes(text)).decoded, dump);
    EXPECT_EQ(
        *open_container(test::to_bytes(upper.substr(0, 64) + "\r\n " + upper.substr(64))).decoded,
        dump);
    EXPECT_EQ(refusal(test::to_bytes(text.substr(0, 2000))),
              "the core dump is truncated: its header says 3488 bytes and 1000 are there");
    EXPECT_NE(refusal(test::to_bytes(text.substr(0, 1999))), "");
}

TEST(Container, Utf16Logs) {
    const auto log = test::read_bytes(test::crash_dir() / "coredump.b64");
    Bytes little{std::byte{0xFF}, std::byte{0xFE}};
    Bytes big{std::byte{0xFE}, std::byte{0xFF}};
    for (const std::byte character : log) {
        little.insert(little.end(), {character, std::byte{0}});
        big.insert(big.end(), {std::byte{0}, character});
    }
    EXPECT_EQ(refusal(little), "");
    EXPECT_EQ(refusal(big), "");
    little.resize(little.size() - 501);  // in the middle of a character
    EXPECT_NE(refusal(little), "");
}

/// What ESP-IDF 3.2 to 4.0 print; in flash it has a checksum.
TEST(Container, OfVersionOneASerialPortSendsNoChecksum) {
    test::Writer body;
    body.u32(0x3FFB0000).u32(0x3FFB1000).u32(0x3FFB1010).text("a control block", 18).align4();
    body.text("stack", 16);
    const Bytes checked = test::container(0x001, body.content(), 1, 18);
    Bytes dump = checked;
    dump.resize(dump.size() - 4);
    std::ranges::copy(test::Writer{}.u32(static_cast<std::uint32_t>(dump.size())).content(),
                      dump.begin());
    const auto as_hex = [](const Bytes& bytes) {
        return test::to_bytes(to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    };
    EXPECT_EQ(open_container(as_hex(dump)).body.size(), body.size());
    EXPECT_EQ(open_container(as_hex(checked)).body.size(), body.size());
    EXPECT_NE(refusal(dump), "") << "of flash";
    Bytes damaged = dump;
    damaged.at(24) ^= std::byte{4};  // where the stack ends
    EXPECT_NE(refusal(as_hex(damaged)), "");
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
    EXPECT_EQ(container.decoded->size(), 3488U);
}

}  // namespace
}  // namespace coredepot::decoder
