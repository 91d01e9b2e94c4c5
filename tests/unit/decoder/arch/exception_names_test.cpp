#include "decoder/arch/exception_names.hpp"

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

TEST(ExceptionNames, OfBothArchitectures) {
    EXPECT_EQ(exception_name(Architecture::Xtensa, 29), "StoreProhibitedCause");
    EXPECT_EQ(exception_name(Architecture::RiscV, 2), "Illegal instruction");
    EXPECT_EQ(exception_name(Architecture::RiscV, 999), "unknown");
    EXPECT_EQ(exception_name(Architecture::Xtensa, 32), "Coprocessor0Disabled");
    EXPECT_EQ(exception_name(Architecture::Xtensa, 0xFFFF), "InvalidCauseRegister");
    EXPECT_EQ(exception_name(Architecture::RiscV, 0x1018), "Interrupt watchdog timeout on CPU 1");
}

}  // namespace
}  // namespace coredepot::decoder
