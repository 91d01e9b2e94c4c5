// Names of tasks where no debug information says how their control blocks are laid out.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/task_shape.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kCode = 0x42000000;

Task task_of(const test::Bytes& control_block) {
    const test::TemporaryFile elf{
        test::application(kMachineRiscV, kCode, test::Bytes(16), {{"run", kCode, 16, false}})};
    const test::Bytes core = test::CoreBuilder{kMachineRiscV}
                                 .memory(test::kTcb, control_block)
                                 .memory(test::kStack, test::Bytes(64))
                                 .task(test::kTcb, test::riscv_registers(kCode, 0, test::kStack))
                                 .build();
    return decode(core, elf.path(), "").tasks.at(0);
}

TEST(TcbLayout, IsAssumedWhereItMakesSense) {
    const Task task =
        task_of(test::tcb("loop", 5, test::kStack, test::kStack, test::kStack + 0x400));
    EXPECT_EQ(task.name, "loop");
    EXPECT_EQ(task.priority, 5U);
    EXPECT_EQ(task.stack_start, test::kStack);
}

/// Another configuration of FreeRTOS has other members first: its addresses are no names.
TEST(TcbLayout, OfAnotherFirmwareGivesNoGarbage) {
    test::Bytes shifted = test::tcb("loop", 5, test::kStack, test::kStack, test::kStack + 0x400);
    const test::Bytes member(12, std::byte{0xF8});
    shifted.insert(shifted.begin() + 4, member.begin(), member.end());
    const Task task = task_of(shifted);
    EXPECT_EQ(task.name, "");
    EXPECT_EQ(task.priority, 0U);
    EXPECT_EQ(task.stack_start, std::nullopt);
    EXPECT_EQ(test::shape(task), "run ");
}

}  // namespace
}  // namespace coredepot::decoder
