#include "hmac.hpp"

#include <gtest/gtest.h>

#include "text/hex.hpp"

namespace coredepot {
namespace {

// RFC 4231, section 4.3.
TEST(Hmac, AVectorOfTheRfc) {
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace coredepot
