#include "decoder/diagnosis/free_text.hpp"

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

TEST(FreeText, LosesWhatChanges) {
    EXPECT_EQ(constant_part("cannot join 'Home 5G': error -3"), "cannot join *: error *");
    EXPECT_EQ(constant_part("cannot join \"Caf\xc3\xa9\""), constant_part("cannot join \"x\""));
    EXPECT_EQ(constant_part("cannot join 'it's mine' now"), "cannot join * now");
    EXPECT_EQ(constant_part("peer 24:6f:28:ab:cd:ef lost"), "peer * lost");
    EXPECT_EQ(constant_part("peer AA:BB:CC:DD:EE:FF lost"), "peer * lost");
    EXPECT_EQ(constant_part("no route to 192.168.4.1:8883"), "no route to *:*");
    EXPECT_EQ(constant_part("no route to fe80::1"), "no route to *");
    EXPECT_EQ(constant_part("block 3ffb1234 of 0x10 bytes at 0X3FFB0000"),
              "block * of * bytes at *");
    EXPECT_EQ(constant_part("took 3.14 s, uart1"), "took * s, uart*");
    EXPECT_EQ(constant_part("id 123e4567-e89b-12d3-a456-426614174000"), "id *");
}

TEST(FreeText, KeepsWords) {
    EXPECT_EQ(constant_part("it can't be: dead beef, face-off"),
              "it can't be: dead beef, face-off");
    EXPECT_EQ(constant_part("abc: a - b"), "abc: a - b");
    EXPECT_EQ(constant_part("one line\nof two"), "one line");
    EXPECT_EQ(constant_part(""), "");
    EXPECT_EQ(constant_part("never closed \"here"), "never closed \"here");
}

}  // namespace
}  // namespace coredepot::decoder
