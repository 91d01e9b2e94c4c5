#include "domain/mail_address.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(MailAddress, HasNothingThatActsAsAHeaderOrACommand) {
    for (const auto* good : {"a@b", "first.last+tag@mail.example.com", "o'neil@example.com"}) {
        EXPECT_TRUE(is_mail_address(good)) << good;
    }
    for (const auto* bad :
         {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b>", "\"a\"@b",
          "a..b@c", ".a@b", "a@-b", "a@b,c@d", "a@[1.2.3.4]"}) {
        EXPECT_FALSE(is_mail_address(bad)) << bad;
    }
    EXPECT_FALSE(is_mail_address(std::string(65, 'a') + "@b"));
}

TEST(MailAddress, SeveralStandInOneText) {
    using Parts = std::vector<std::string>;
    EXPECT_EQ(split_at_commas("a@b"), Parts{"a@b"});
    EXPECT_EQ(split_at_commas("a@b,c@d"), (Parts{"a@b", "c@d"}));
    EXPECT_EQ(split_at_commas(",a@b,"), (Parts{"", "a@b", ""}));
    EXPECT_EQ(split_at_commas(""), Parts{""});
}

}  // namespace
}  // namespace coredepot
