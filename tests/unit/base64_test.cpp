#include "base64.hpp"

#include <gtest/gtest.h>

#include "hmac.hpp"
#include "text/hex.hpp"

namespace coredepot {
namespace {

// RFC 4648, section 10.
TEST(Base64, TheVectorsOfTheRfc) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
}

TEST(Base64, WhatIsNone) {
    for (const auto* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Zg= =", " Zg==",
                             "Zm9v\n", "Zm-_", "=Zg="}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
}

// RFC 4231, section 4.3.
TEST(Hmac, AVectorOfTheRfc) {
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace coredepot
