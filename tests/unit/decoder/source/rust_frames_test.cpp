// Frames of Rust's functions that come without debug information, as those of its core library do.

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/task_shape.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kCode = 0x42000000;
constexpr std::uint32_t kFunction = 16;
constexpr std::uint32_t kAfterCall = 6;

/// A function that saves ra and calls what is in a5, and one whose code is alike.
test::Bytes application() {
    test::Writer code;
    for (int i = 0; i < 3; ++i) {
        code.u16(0x1141).u16(0xC606).u16(0x9782).zeros(10);  // addi sp,-16; sw ra,12(sp); jalr a5
    }
    return test::application(
        kMachineRiscV, kCode, code.content(),
        {{"_ZN4core9panicking9panic_fmt17h0123456789abcdefE", kCode, kFunction, false},
         {"_RNvMs_NtCs5RFpDjMRQx3_6sensor4poolNtB4_4Pool4take", kCode + kFunction, kFunction,
          false},
         {"_RNvCs5RFpDjMRQx3_6sensor8app_main", kCode + 2 * kFunction, kFunction, false}});
}

/// Legacy names and those of today (v0), as people write them, without the hash.
TEST(RustFrames, HaveReadableNames) {
    const auto stack = test::Writer{}
                           .words({0, 0, 0, kCode + kFunction + kAfterCall})
                           .words({0, 0, 0, kCode + 2 * kFunction + kAfterCall})
                           .words({0, 0, 0, 0})
                           .content();
    const Task task =
        test::decode_task(kMachineRiscV, application(),
                          test::riscv_registers(kCode + kAfterCall, 0, test::kStack), stack);
    EXPECT_EQ(test::shape(task),
              "core::panicking::panic_fmt <sensor::pool::Pool>::take sensor::app_main ");
}

}  // namespace
}  // namespace coredepot::decoder
