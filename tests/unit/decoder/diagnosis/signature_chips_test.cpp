// One bug in the chips of a model: real dumps of one application, built for Xtensa and for RISC-V;
// and one source compiled for both, tests/data/chips, with stacks as each CPU leaves them.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kStackEnd = kStack + 0x400;

/// In drive(), called by regulate(), called by app_main().
test::Bytes crash_on_riscv() {
    constexpr std::uint32_t kStoreAccessFault = 7;
    constexpr std::uint32_t kPc = 0x4200000C;
    constexpr std::uint32_t kInRegulate = 0x4200002A;
    constexpr std::uint32_t kInMain = 0x4200003A;
    constexpr std::uint32_t kSp = kStack + 160;  // above what the exception has saved
    const auto registers = test::riscv_registers(kPc, kInRegulate, kSp);
    test::CoreBuilder core{kMachineRiscV};
    core.task(kTcb, registers);
    core.memory(kTcb, test::tcb("main", 1, kStack, kStack, kStackEnd));
    core.memory(kStack, test::Writer{}
                            .words(registers)
                            .words({0, 0, kStoreAccessFault, 4, 0, 0, 0, 0})
                            .words({0, 0, 0, kInMain})  // regulate()
                            .words({0, 0, 0, 0})        // app_main()
                            .content());
    return core.build();
}

/// The same. A frame's return address and stack pointer are below the stack of what it called.
test::Bytes crash_on_xtensa() {
    constexpr std::uint32_t kExtraNote = 677;
    constexpr std::uint32_t kExccause = 232;
    constexpr std::uint32_t kExcvaddr = 238;
    constexpr std::uint32_t kStoreProhibited = 29;
    constexpr std::uint32_t kPc = 0x400D000B;
    constexpr std::uint32_t kInRegulate = 0x800D003D;  // as call8 leaves it
    constexpr std::uint32_t kInMain = 0x800D0054;
    constexpr std::uint32_t kPs = 0x60020;
    test::CoreBuilder core{kMachineXtensa};
    core.task(kTcb, test::xtensa_registers(kPc, kPs, {kInRegulate, kStack + 0x20}));
    core.note("ESP_EXTRA_INFO", kExtraNote,
              test::Writer{}.words({kTcb, kExccause, kStoreProhibited, kExcvaddr, 4, 0}).content());
    core.memory(kTcb, test::tcb("main", 1, kStack, kStack, kStackEnd));
    core.memory(kStack, test::Writer{}
                            .words({0, 0, 0, 0})
                            .words({kInMain, kStack + 0x40, 0, 0})
                            .zeros(0x10)
                            .words({0, kStack + 0x60, 0, 0})
                            .zeros(0x20)
                            .content());
    return core.build();
}

/// Each CPU has its own word for it.
TEST(SignatureOfChips, IsTheSameForOneFaultOnEveryCpu) {
    const auto folder = test::crash_dir().parent_path() / "chips";
    const auto riscv = decode(crash_on_riscv(), folder / "riscv.elf", "esp32c3");
    const auto xtensa = decode(crash_on_xtensa(), folder / "xtensa.elf", "esp32");
    EXPECT_EQ(riscv.exception.value().name, "Store/AMO access fault");
    EXPECT_EQ(xtensa.exception.value().name, "StoreProhibitedCause");
    const std::vector<std::string> functions = {"drive (chips.c)", "regulate"};
    for (const auto* const report : {&riscv, &xtensa}) {
        EXPECT_EQ(report->crash.kind, "Store to invalid address");
        EXPECT_EQ(report->crash.functions, functions);
        EXPECT_EQ(report->tasks.at(0).frames.at(2).function, "app_main");
    }
    EXPECT_EQ(riscv.crash.signature, xtensa.crash.signature);
}

/// A compiler inlines fail_once() on neither, and ets_printf() of mask ROM calls it on all. The one
/// of the ESP32-S3 is of another version of the source, where the function is elsewhere.
TEST(SignatureOfChips, IsTheSameForOneBugOnEveryCpu) {
    std::string signature;
    for (const std::string chip : {"esp32", "esp32c3", "esp32s3"}) {
        const auto folder = test::cores_dir() / (chip == "esp32s3" ? "esp32s3_bin" : chip);
        if (!std::filesystem::exists(folder)) {
            GTEST_SKIP() << "NOT TESTED on several chips: no real dumps in " << folder
                         << "; set CORES_DIR";
        }
        const auto crash =
            decode(test::read_bytes(folder / "coredump.b64"), folder / "app.elf", chip).crash;
        EXPECT_EQ(crash.kind, kinds::kAbort) << chip;
        EXPECT_EQ(crash.functions, (std::vector<std::string>{"fail_once", "app_main"})) << chip;
        if (signature.empty()) signature = crash.signature;
        EXPECT_EQ(crash.signature, signature) << chip;
    }
}

}  // namespace
}  // namespace coredepot::decoder
