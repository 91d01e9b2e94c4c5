#include "core/searched_text.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace coredepot::core {
namespace {

TEST(SearchedText, HasATrigramWithThreeLettersOrDigitsInARow) {
    for (const auto* part : {"abc", "i2c", "0x5", "ABC", "%%abc", "a_bcd_", "läd", "日本語"})
        EXPECT_TRUE(has_trigram(part)) << part;
}

TEST(SearchedText, HasNoneWithoutThem) {
    for (const auto* part : {"", "ab", "%%%", "___", "...", "a%", "a++", "lä", "日本", "\\\\\\"})
        EXPECT_FALSE(has_trigram(part)) << part;
}

// "Kitchen 4" is found by "n 4": the second word begins where the part says.
TEST(SearchedText, WordsThatBeginOrEndWithinItNeedFewer) {
    for (const auto* part : {"n 4", "ab ", "->b", "a.b", "%a%"})
        EXPECT_TRUE(has_trigram(part)) << part;
}

TEST(SearchedText, IsRefusedWhereASearchWouldLookAtAll) {
    EXPECT_NO_THROW(require_searchable("abc", 3));
    EXPECT_NO_THROW(require_searchable("läd", 3));
    EXPECT_THROW(require_searchable("abcd", 3), ValidationFailed);
    EXPECT_THROW(require_searchable("%%%", 200), ValidationFailed);
    EXPECT_THROW(require_searchable(std::string("ab\0cd", 5), 200), ValidationFailed);
    EXPECT_THROW(require_searchable("\xff\xff\xff", 200), ValidationFailed);
}

}  // namespace
}  // namespace coredepot::core
