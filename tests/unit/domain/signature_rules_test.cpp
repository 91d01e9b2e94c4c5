#include "domain/signature_rules.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(SignatureRules, OfNamesAreGood) {
    const std::string longest(SignatureRules::kMaxBytes, 'x');
    for (const std::string entry :
         {"f", "ns::Class<T>::operator()", "func\xc3\xa9", longest.c_str()}) {
        EXPECT_EQ(fault_of({{entry}, {}}), "") << entry;
        EXPECT_EQ(fault_of({{}, {entry}}), "") << entry;
    }
    EXPECT_EQ(fault_of({}), "");
}

TEST(SignatureRules, OfWhatCannotBeANameAreNot) {
    const std::string too_long(SignatureRules::kMaxBytes + 1, 'x');
    for (const auto& entry :
         {std::string(), std::string(" f"), std::string("f "), std::string("a\nb"),
          std::string("a\0b", 3), std::string("\xff"), std::string("a\xe2\x80\xae"), too_long}) {
        EXPECT_NE(fault_of({{entry}, {}}), "") << entry;
        EXPECT_NE(fault_of({{}, {"f", entry}}), "") << entry;
    }
}

TEST(SignatureRules, AreBounded) {
    const std::vector<std::string> half(SignatureRules::kMaxEntries / 2, "f");
    EXPECT_EQ(fault_of({half, half}), "");
    auto more = half;
    more.emplace_back("f");
    EXPECT_NE(fault_of({more, half}), "");
}

}  // namespace
}  // namespace coredepot
