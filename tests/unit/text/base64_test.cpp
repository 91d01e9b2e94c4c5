#include "text/base64.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

// RFC 4648, section 10.
TEST(Base64, OfTheRfc) {
    EXPECT_EQ(encode_base64(""), "");
    EXPECT_EQ(encode_base64("f"), "Zg==");
    EXPECT_EQ(encode_base64("fo"), "Zm8=");
    EXPECT_EQ(encode_base64("foo"), "Zm9v");
    EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encode_base64("\xfb\xff"), "+/8=");
}

TEST(Base64, ForUrlsIsReadAgain) {
    EXPECT_EQ(encode_base64url("\xfb\xff"), "-_8");
    std::string bytes;
    for (int c = 0; c < 256; ++c) {
        EXPECT_EQ(decode_base64url(encode_base64url(bytes)), bytes) << c;
        bytes += static_cast<char>(c);
    }
}

TEST(Base64, WithPaddingIsReadAgain) {
    std::string bytes;
    for (int c = 0; c < 256; ++c) {
        EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes) << c;
        bytes += static_cast<char>(c);
    }
    for (const auto* bad : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Zg= =", " Zg==",
                            "Zm9v\n", "Zm-_", "=Zg="}) {
        EXPECT_FALSE(decode_base64(bad)) << bad;
    }
}

TEST(Base64, HasOneForm) {
    for (const auto* bad : {"A", "AB", "AAB", "AA==", "A A", "AA+/", "AAAAA"}) {
        EXPECT_FALSE(decode_base64url(bad)) << bad;
    }
}

}  // namespace
}  // namespace coredepot
