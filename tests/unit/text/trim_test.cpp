#include "text/trim.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(Trim, BothEndsAndNothingBetween) {
    using Pair = std::pair<const char*, const char*>;
    for (const auto& [text, trimmed_text] :
         {Pair{"", ""}, Pair{" ", ""}, Pair{" \t \t", ""}, Pair{"a", "a"}, Pair{" a", "a"},
          Pair{"a\t", "a"}, Pair{"\t a b \t", "a b"}, Pair{"a\r\n", "a\r\n"}}) {
        EXPECT_EQ(trimmed(text), trimmed_text) << '"' << text << '"';
    }
}

TEST(Trim, OtherBlanks) {
    EXPECT_EQ(trimmed("\t a\r", " \t\r"), "a");
    EXPECT_EQ(trimmed(" a ", "x"), " a ");
}

}  // namespace
}  // namespace coredepot
