// What old versions of ESP-IDF write, and files that are no core dump.

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "decoder/dump/container.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/dump/exception.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "text/hex.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;

std::string refusal(const Bytes& dump) {
    return test::verdict([&] { open_container(dump); });
}

constexpr std::uint32_t kStack = 0x3FFB9D00;
constexpr std::uint32_t kStackPointer = kStack + 0xC0;
constexpr std::uint32_t kFrameWords = 25;

/// A dump of the ESP32 in the BIN format whose only task has an exception frame: its first word is
/// `mark`, and it has `pc` and `cause`.
std::optional<Exception> exception_of(std::uint32_t mark, std::uint32_t cause) {
    test::Writer frame;
    frame.u32(mark).u32(0x400E2281).u32(0x60C30);
    for (std::uint32_t a = 0; a < 16; ++a) {
        frame.u32(a == 1 ? kStackPointer : a);
    }
    frame.u32(0).u32(cause).u32(5).u32(0).u32(0).u32(0);
    frame.zeros(0x100 - 4 * kFrameWords);
    test::Writer body;
    body.u32(0x3FFB5474).u32(kStack).u32(kStack + 0x100).zeros(80).bytes(frame.content());
    const Bytes dump = test::container(0x001, body.content(), 1, 80);
    const Container container = open_container(dump);
    return find_exception(read_core_image(container));
}

/// ESP-IDF before 4.0 leaves in the first word of the frame what was there.
TEST(OldFormats, CauseIsOnTheStackWithoutAMark) {
    const auto store = exception_of(0x3F405364, 29);
    ASSERT_TRUE(store.has_value());
    EXPECT_EQ(store->cause, 29U);
    EXPECT_EQ(store->address, 5U);
    // An interrupt, and what is no cause at all.
    EXPECT_FALSE(exception_of(0x400820C4, 4).has_value());
    EXPECT_FALSE(exception_of(0x400820C4, 0x3FFB9310).has_value());
}

/// ESP-IDF before 3.2: no version, no checksum.
TEST(OldFormats, BeforeTheVersionIsNamed) {
    test::Writer dump;
    dump.u32(0).u32(10).u32(80);
    for (std::uint32_t i = 0; i < 10; ++i) {
        dump.u32(0x3FFB0000 + i * 0x1000).u32(0x3FFB0800).u32(0x3FFB0810).zeros(80).zeros(16);
    }
    Bytes bytes = dump.content();
    std::ranges::copy(test::Writer{}.u32(static_cast<std::uint32_t>(bytes.size())).content(),
                      bytes.begin());
    const std::string expected =
        "the core dump is of ESP-IDF before 3.2, whose format does not name its version; it is not "
        "supported";
    EXPECT_EQ(refusal(bytes), expected);
    const auto hex = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    EXPECT_EQ(refusal(test::to_bytes(hex)), expected);
    Bytes flash = test::Writer{}.u32(0xE32C04ED).content();
    flash.insert(flash.end(), bytes.begin(), bytes.end());
    EXPECT_EQ(refusal(flash), expected);
    bytes.at(16) = std::byte{0x77};  // another stack, so that the tasks do not fill it
    EXPECT_NE(refusal(bytes), expected);
}

TEST(OtherFiles, AreNamed) {
    const auto refusal_of = [](std::string magic) {
        return refusal(test::to_bytes(magic.append(32, '\0')));
    };
    const std::string start = "this is not a core dump: it is ";
    EXPECT_EQ(refusal_of("\x1F\x8B"), start + "compressed by gzip; upload what is in it");
    EXPECT_EQ(refusal_of("PK\x03\x04"), start + "a ZIP archive; upload what is in it");
    EXPECT_EQ(refusal_of("\x28\xB5\x2F\xFD"), start + "compressed by zstd; upload what is in it");
    EXPECT_EQ(refusal(test::read_bytes(test::crash_dir() / "thermostat.bin")),
              start + "the image of an application");
}

TEST(OtherFiles, Utf16NeedsNoMark) {
    Bytes wide;
    for (const std::byte character : test::read_bytes(test::crash_dir() / "coredump.b64")) {
        wide.insert(wide.end(), {character, std::byte{0}});
    }
    EXPECT_EQ(refusal(wide), "");
}

}  // namespace
}  // namespace coredepot::decoder
