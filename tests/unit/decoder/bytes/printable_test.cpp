#include "decoder/bytes/printable.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

TEST(Printable, KeepsUtf8AndNothingElse) {
    EXPECT_EQ(printable("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\xA1"), "café € 🌡");
    EXPECT_EQ(printable("a\nb\x1b[31mc\x7F"), "a?b?[31mc?");
    EXPECT_EQ(printable("a\u009b31mc\u202egnp.exe\u2028"), "a?31mc?gnp.exe?");
    EXPECT_EQ(printable(std::string_view{"main\0rubbish", 12}), "main");
    EXPECT_EQ(printable("\xC3("), "\uFFFD(");  // cut off
    EXPECT_EQ(printable(std::string(5000, 'x')), std::string(kMaxPrintable, 'x'));
}

}  // namespace
}  // namespace coredepot::decoder
