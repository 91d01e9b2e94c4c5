#include "core/registry/display_name.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace coredepot::core {
namespace {

using namespace std::string_literals;

std::string refusal(const std::string& name) {
    try {
        require_display_name(name, "device_name");
    } catch (const ValidationFailed& error) {
        return error.what();
    }
    return "";
}

std::string times(std::size_t count, const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

TEST(DisplayName, HasOneTo255Characters) {
    EXPECT_EQ(refusal(""), "device_name must have 1 to 255 characters");
    EXPECT_EQ(refusal("x"), "");
    EXPECT_EQ(refusal(times(255, "x")), "");
    EXPECT_EQ(refusal(times(256, "x")), "device_name must have 1 to 255 characters");
}

TEST(DisplayName, CountsCharactersAndNotBytes) {
    EXPECT_EQ(refusal(times(255, "\xf0\x9f\x98\x80")), "");
    EXPECT_NE(refusal(times(256, "\xc3\xa9")), "");
}

TEST(DisplayName, IsTextWithoutNul) {
    for (const auto& name : {"\xff"s, "a\xc3"s, "a\0b"s, "\0"s}) {
        EXPECT_EQ(refusal(name), "device_name must be text without NUL characters");
    }
    EXPECT_NE(refusal("\x80\x80"), "");
}

}  // namespace
}  // namespace coredepot::core
