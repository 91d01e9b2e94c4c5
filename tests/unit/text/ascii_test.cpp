#include "text/ascii.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

/// All characters that `is_it` is true of.
std::string all_that(bool (*is_it)(char)) {
    std::string found;
    for (int c = 0; c < 256; ++c) {
        if (is_it(static_cast<char>(c))) found += static_cast<char>(c);
    }
    return found;
}

constexpr const char* kDigits = "0123456789";
constexpr const char* kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr const char* kLower = "abcdefghijklmnopqrstuvwxyz";

TEST(Ascii, Classes) {
    EXPECT_EQ(all_that(is_digit), kDigits);
    EXPECT_EQ(all_that(is_lower_letter), kLower);
    EXPECT_EQ(all_that(is_letter), std::string(kCapitals) + kLower);
    EXPECT_EQ(all_that(is_letter_or_digit), std::string(kDigits) + kCapitals + kLower);
    EXPECT_EQ(all_that(is_base64url_digit), std::string("-") + kDigits + kCapitals + '_' + kLower);
    EXPECT_EQ(all_that(is_hex_digit), "0123456789ABCDEFabcdef");
    const auto printable = all_that(is_printable_ascii);
    EXPECT_EQ(printable.size(), 95U);
    EXPECT_EQ(printable.front(), ' ');
    EXPECT_EQ(printable.back(), '~');
}

TEST(Ascii, ValuesOfHexDigits) {
    EXPECT_EQ(hex_value('0'), 0);
    EXPECT_EQ(hex_value('9'), 9);
    EXPECT_EQ(hex_value('a'), 10);
    EXPECT_EQ(hex_value('f'), 15);
    EXPECT_EQ(hex_value('F'), 15);
    EXPECT_EQ(hex_value('g'), -1);
    EXPECT_EQ(hex_value('/'), -1);
}

TEST(Ascii, LowerCaseLeavesOtherLettersAlone) {
    EXPECT_EQ(ascii_lower("AZ az 09 @[`{"), "az az 09 @[`{");
    EXPECT_EQ(ascii_lower("\xc3\x84"), "\xc3\x84");
}

TEST(Ascii, EqualWhateverTheCase) {
    EXPECT_TRUE(equal_ignoring_case("Bearer", "bEARER"));
    EXPECT_TRUE(equal_ignoring_case("", ""));
    EXPECT_FALSE(equal_ignoring_case("bearer", "bearer "));
    EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

}  // namespace
}  // namespace coredepot
