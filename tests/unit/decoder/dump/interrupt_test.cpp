// A crash in an interrupt: its own stack, and that of the task it came upon.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kIsrStack = 0x3FCA0000;
constexpr std::uint32_t kHandler = 0x42000004;     ///< in on_event() of tests/data/values
constexpr std::uint32_t kInOuter = 0x4200004A;     ///< outer(), its frame complete
constexpr std::uint32_t kAfterOuter = 0x42000068;  ///< where _start() goes on
constexpr std::uint32_t kSavedRegisters = 36 * 4;  ///< RvExcFrame
constexpr std::uint32_t kExtraNote = 677;

Report decode_with(const test::Bytes& stack) {
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kTcb, test::tcb("main", 1, kStack, kStack - 0x100, kStack + 0x1000));
    core.memory(kIsrStack, test::Bytes(64));
    if (!stack.empty()) {
        core.memory(kStack, stack);
    }
    core.task(kTcb, test::riscv_registers(kHandler, 0, kIsrStack));
    core.note("ESP_EXTRA_INFO", kExtraNote, test::Writer{}.u32(kTcb).u32(1).content());
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/values/values.elf";
    return decode(core.build(), elf, "esp32c3");
}

TEST(Interrupt, ShowsTheInterruptedTaskToo) {
    auto saved = test::riscv_registers(kInOuter, 0, kStack + kSavedRegisters);
    saved.resize(kSavedRegisters / 4);
    const auto stack =
        test::Writer{}.words(saved).words({0, 0, 0, kAfterOuter, 0, 0, 0, 0}).content();
    const Report report = decode_with(stack);
    const Task& task = report.tasks.at(0);
    ASSERT_EQ(task.frames.size(), 1U);
    EXPECT_EQ(task.frames.at(0).function, "on_event");
    ASSERT_EQ(task.interrupted_frames.size(), 2U) << task.interrupted_end;
    EXPECT_EQ(task.interrupted_frames.at(0).function, "outer");
    EXPECT_EQ(task.interrupted_frames.at(1).function, "_start");
    const std::string text = to_text(report);
    EXPECT_NE(text.find("INTERRUPTED TASK STACK"), std::string::npos) << text;
    EXPECT_NE(text.find("Crashed task is in the interrupt context"), std::string::npos);
    EXPECT_NE(text.find("Note: The crash was in an interrupt, which came while task 'main' was"),
              std::string::npos);
}

TEST(Interrupt, SaysWhenTheInterruptedStackIsMissing) {
    const Task task = decode_with({}).tasks.at(0);
    EXPECT_TRUE(task.interrupted_frames.empty());
    EXPECT_EQ(task.interrupted_end, "the dump does not hold the stack of the interrupted task");
}

}  // namespace
}  // namespace coredepot::decoder
