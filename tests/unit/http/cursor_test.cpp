#include "http/cursor.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

using Fields = std::vector<std::string>;

const Cursor kList("coredumps of 17");

TEST(CursorOf, APositionComesBack) {
    for (const auto& fields :
         std::vector<Fields>{{"1"}, {""}, {"-5", "thermostat"}, {"", "", "x"}}) {
        const auto text = kList.write(fields);
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos) << text;
        EXPECT_EQ(kList.read(text, fields.size()), fields) << text;
    }
}

TEST(CursorOf, AnotherListIsNone) {
    const auto text = kList.write({"1", "2"});
    EXPECT_FALSE(Cursor("coredumps of 1").read(text, 2));
    EXPECT_FALSE(Cursor("devices of 17").read(text, 2));
    EXPECT_FALSE(Cursor("").read(text, 2));
    EXPECT_FALSE(kList.read(text, 1));
    EXPECT_FALSE(kList.read(text, 3));
}

TEST(CursorOf, TextThatNobodyWroteIsNone) {
    const auto text = kList.write({"1700000000000000", "42"});
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == '0' ? '1' : '0';
        EXPECT_FALSE(kList.read(changed, 2)) << i;
        EXPECT_FALSE(kList.read(text.substr(0, i), 2)) << i;
    }
    for (const auto& bad : {std::string(), std::string("00000000"), text + '0', text + "30",
                            text + '\n', ' ' + text, std::string(100'000, 'f')}) {
        EXPECT_FALSE(kList.read(bad, 2));
    }
}

TEST(CursorField, Times) {
    const Timestamp time(std::chrono::microseconds(1'770'820'200'123'456));
    EXPECT_EQ(to_time(to_field(time)), time);
    EXPECT_EQ(to_time("0"), Timestamp());
    // What PostgreSQL has no place for would be a fault of ours there.
    for (const auto* bad : {"", "x", "9223372036854775807", "-9223372036854775808",
                            "253402300800000000", "-62135596800000001"}) {
        EXPECT_FALSE(to_time(bad)) << bad;
    }
    EXPECT_TRUE(to_time("253402300799999999"));
    EXPECT_TRUE(to_time("-62135596800000000"));
}

}  // namespace
}  // namespace coredepot::http
