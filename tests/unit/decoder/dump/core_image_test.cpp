#include "decoder/dump/core_image.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "decoder/arch/riscv/registers.hpp"
#include "decoder/arch/xtensa/registers.hpp"
#include "decoder/decode.hpp"
#include "decoder/dump/exception.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::CoreBuilder;
using test::Writer;

constexpr std::uint32_t kInfoNote = 8266;
constexpr std::uint32_t kExtraNote = 677;
constexpr std::uint32_t kPanicNote = 679;
constexpr std::uint32_t kC3 = 5U << 16U;
constexpr std::uint32_t kS3 = 9U << 16U;

Bytes words(const std::vector<std::uint32_t>& values) {
    return Writer{}.words(values).content();
}

Bytes info(std::uint32_t version, std::string_view sha) {
    return Writer{}.u32(version).text(sha, 68).content();
}

/// `dump` must outlive the image: it refers to its bytes.
struct Opened {
    Container container;
    CoreImage image;
};
Opened open(const Bytes& dump) {
    Opened opened{open_container(dump), {}};
    opened.image = read_core_image(opened.container);
    return opened;
}

std::string refusal(const Bytes& dump) {
    return test::verdict([&] { open(dump); });
}

TEST(ElfCore, NotesOfRiscV) {
    const Bytes core =
        CoreBuilder{kMachineRiscV}
            .memory(0x3FC80000, words({1, 2, 3}))
            .task(0x3FC90000, test::riscv_registers(0x42000010, 0x42000020, 0x3FC80000))
            .task(0x3FC91000, test::riscv_registers(0x42000030, 0, 0x3FC81000))
            .note("ESP_CORE_DUMP_INFO", kInfoNote, info(kC3 | 0x103, "89ABcdef0"))
            .note("ESP_EXTRA_INFO", kExtraNote, words({0x3FC90000, 1}))
            .note("ESP_PANIC_DETAILS", kPanicNote, test::to_bytes("Stack\x1b[0m é"))
            .build();
    for (const std::uint32_t version : {0x100, 0x101, 0x102, 0x103, 0x104}) {
        const Bytes dump = test::container(kC3 | version, core);
        const auto [container, image] = open(dump);
        EXPECT_EQ(image.architecture, Architecture::RiscV);
        EXPECT_EQ(image.elf_sha256_prefix, "89abcdef0");
        EXPECT_EQ(image.panic_reason, "Stack?[0m é");
        EXPECT_EQ(image.in_interrupt, true);
        ASSERT_EQ(image.tasks.size(), 2U);
        EXPECT_TRUE(image.tasks[0].crashed);
        EXPECT_FALSE(image.tasks[1].crashed);
        EXPECT_EQ(image.tasks[0].tcb, 0x3FC90000U);
        EXPECT_EQ(image.tasks[0].cpu.pc, 0x42000010U);
        EXPECT_EQ(image.tasks[0].cpu.general[kRiscvReturn], 0x42000020U);
        EXPECT_EQ(image.memory.u32(0x3FC80004), 2U);
        EXPECT_EQ(image.memory.u32(0x3FC8000A), std::nullopt);
        EXPECT_EQ(read_facts(dump).elf_sha256_prefix, "89abcdef0");
    }
}

TEST(ElfCore, ExtraInfoOfXtensa) {
    std::vector<std::uint32_t> extra = {0x3FC90000, 232, 28, 238, 0x10, 194, 7, 177, 0x40080000};
    extra.resize(37);
    const auto build = [](const std::vector<std::uint32_t>& words_of_extra) {
        return CoreBuilder{kMachineXtensa}
            .task(0x3FC90000, test::xtensa_registers(0x40080000, 0x60820, {0, 0x3FC80000}))
            .note("ESP_EXTRA_INFO", kExtraNote, words(words_of_extra))
            .build();
    };
    const Bytes older = build(extra);  // before the interrupt flag
    const auto [container, image] = open(older);
    EXPECT_EQ(image.in_interrupt, std::nullopt);
    const auto exception = find_exception(image);
    ASSERT_TRUE(exception.has_value());
    EXPECT_EQ(exception->cause, 28U);
    EXPECT_EQ(exception->address, 0x10U);
    EXPECT_EQ(exception->name, "LoadProhibitedCause");
    const auto special = named_special_registers(image);
    ASSERT_EQ(special.size(), 2U);
    EXPECT_EQ(special[0].name, "epc1");
    EXPECT_EQ(special[1].name, "eps2");

    extra.push_back(0);
    const Bytes newer = build(extra);
    EXPECT_EQ(open(newer).image.in_interrupt, false);
}

TEST(ElfCore, SolicitedFrameKnowsFourRegisters) {
    const Bytes core =
        CoreBuilder{kMachineXtensa}
            .task(1, test::xtensa_registers(0x40080000, 0, {0, 1, 2, 3, 4, 5}))
            .task(2, test::xtensa_registers(0x00081234, 0, {0x80081000, 1, 2, 3, 4, 5}))
            .build();
    const auto [container, image] = open(core);
    const CpuState& cpu = image.tasks.at(1).cpu;
    EXPECT_EQ(cpu.pc, 0x40081234U);
    EXPECT_TRUE(cpu.pc_is_return_address);
    EXPECT_EQ(cpu.general[3], 3U);
    EXPECT_EQ(cpu.general[4], std::nullopt);
    EXPECT_EQ(image.tasks.at(0).cpu.general[5], 5U);
}

/// ESP-IDF 4 and the reference tool leave the prefix out; ESP-IDF 5.2 and later copy names without
/// their NUL over the longer one before.
TEST(ElfCore, NamesOfNotesVary) {
    for (const auto& [extra, panic] :
         {std::pair{"EXTRA_INFO", "PANIC_DETAILS"}, {"ESP_EXTRA_INFOIN", "ESP_PANIC_DETAILSO"}}) {
        const Bytes core = CoreBuilder{kMachineRiscV}
                               .task(1, test::riscv_registers(0x42000010, 0, 0))
                               .note(extra, kExtraNote, words({1, 1}))
                               .note(panic, kPanicNote, test::to_bytes("abort()"))
                               .build();
        const auto [container, image] = open(core);
        EXPECT_EQ(image.in_interrupt, true) << extra;
        EXPECT_EQ(image.panic_reason, "abort()") << panic;
    }
}

TEST(ElfCore, PanicDetailsHaveLines) {
    const Bytes core = CoreBuilder{kMachineRiscV}
                           .task(1, test::riscv_registers(0x42000010, 0, 0))
                           .note("ESP_PANIC_DETAILS", kPanicNote, test::to_bytes("one\n - a\r\n"))
                           .note("ESP_PANIC_DETAILS", kPanicNote, test::to_bytes("two"))
                           .build();
    EXPECT_EQ(open(core).image.panic_reason, "one\n - a\ntwo");
}

/// As espcoredump.py makes it of a BIN dump: 15 pairs, of which the first two have numbers of its
/// own.
TEST(ElfCore, ExtraInfoOfTheReferenceTool) {
    std::vector<std::uint32_t> extra = {0x3FC90000, 0, 29, 1, 0x44};
    for (std::uint32_t number = 177; number < 190; ++number) {
        extra.insert(extra.end(), {number, 0});
    }
    const Bytes core =
        CoreBuilder{kMachineXtensa}
            .task(0x3FC90000, test::xtensa_registers(0x40080000, 0x60820, {0, 0x3FC80000}))
            .note("EXTRA_INFO", kExtraNote, words(extra))
            .build();
    const auto [container, image] = open(core);
    const auto exception = find_exception(image);
    ASSERT_TRUE(exception.has_value());
    EXPECT_EQ(exception->cause, 29U);
    EXPECT_EQ(exception->address, 0x44U);
    EXPECT_EQ(image.in_interrupt, std::nullopt);
}

/// A core file with a panic note, whose segment of notes ends four bytes before it.
Bytes core_with_short_notes() {
    Bytes core = CoreBuilder{kMachineRiscV}
                     .task(1, test::riscv_registers(0x42000010, 0, 0))
                     .note("ESP_PANIC_DETAILS", kPanicNote, test::to_bytes("Task watchdog"))
                     .build();
    constexpr std::size_t kSizeOfNotes = 52 + 16;  // p_filesz of the only program header
    const auto size = std::to_integer<unsigned>(core.at(kSizeOfNotes));
    core.at(kSizeOfNotes) = static_cast<std::byte>(size - 4);
    return core;
}

/// ESP-IDF counts four bytes too few for what the task watchdog says.
TEST(ElfCore, TheLastNoteMayGoOnBehindItsSegment) {
    const Bytes core = core_with_short_notes();
    EXPECT_EQ(open(core).image.panic_reason, "Task watchdog");
}

TEST(ElfCore, ANoteThatWasCutOffIsLeftOut) {
    Bytes core = core_with_short_notes();
    core.resize(core.size() - 4);
    const auto [container, image] = open(core);
    EXPECT_EQ(image.panic_reason, "");
    EXPECT_EQ(image.tasks.size(), 1U);
}

/// What the device gives a task whose stack makes no sense.
TEST(ElfCore, AFakeStackIsNoSolicitedFrame) {
    const Bytes core = CoreBuilder{kMachineXtensa}
                           .task(1, test::xtensa_registers(0x40080000, 0, {0, 1}))
                           .task(2, test::xtensa_registers(0x20000000, 0x30, {0x20000064, 0, 0, 0}))
                           .build();
    const auto [container, image] = open(core);
    EXPECT_EQ(image.tasks.at(1).cpu.pc, 0x20000000U);
    EXPECT_FALSE(image.tasks.at(1).cpu.pc_is_return_address);
}

/// Where all RAM is dumped, no segment begins with the exception frame.
TEST(ElfCore, ExceptionFrameBelowTheStackPointer) {
    constexpr std::uint32_t kRam = 0x3FC80000;
    constexpr std::uint32_t kFrame = kRam + 0x100;
    const auto cause_with = [&](std::uint32_t frame_bytes) {
        auto frame = test::riscv_registers(0x42000010, 0, kFrame + frame_bytes);
        frame.insert(frame.end(), {0, 0, 5, 0x44, 0});
        const Bytes core =
            CoreBuilder{kMachineRiscV}
                .memory(kRam, Writer{}.zeros(0x100).words(frame).zeros(0x100).content())
                .task(1, test::riscv_registers(0x42000010, 0, kFrame + frame_bytes))
                .build();
        const auto [container, image] = open(core);
        const auto exception = find_exception(image);
        return exception ? exception->cause : 0;
    };
    EXPECT_EQ(cause_with(160), 5U);
    EXPECT_EQ(cause_with(128), 0U) << "the frame of an interrupt has no cause";
}

/// One for each block on the heap.
TEST(ElfCore, HasAsManySegmentsAsAHeapHasBlocks) {
    CoreBuilder core{kMachineRiscV};
    constexpr std::uint32_t kBlocks = 6000;
    for (std::uint32_t i = 0; i < kBlocks; ++i) {
        core.memory(0x3FC80000 + i * 16, words({i}));
    }
    const Bytes dump = core.task(1, test::riscv_registers(0x42000010, 0, 0)).build();
    EXPECT_EQ(open(dump).image.memory.u32(0x3FC80000 + 16 * (kBlocks - 1)), kBlocks - 1);
}

TEST(ElfCore, SkippedCrashedTask) {
    const Bytes core = CoreBuilder{kMachineRiscV}
                           .task(1, test::riscv_registers(0x42000010, 0, 0))
                           .note("ESP_EXTRA_INFO", kExtraNote, words({0xDEADBEEF, 0}))
                           .build();
    EXPECT_FALSE(open(core).image.tasks.at(0).crashed);
}

TEST(ElfCore, ExceptionOfASkippedCrashedTask) {
    std::vector<std::uint32_t> extra = {0xDEADBEEF, 232, 29, 238, 5};
    extra.resize(38);
    const Bytes core = CoreBuilder{kMachineXtensa}
                           .task(1, std::vector<std::uint32_t>(129))
                           .note("ESP_EXTRA_INFO", kExtraNote, words(extra))
                           .build();
    const auto exception = find_exception(open(core).image);
    ASSERT_TRUE(exception.has_value());
    EXPECT_EQ(exception->cause, 29U);
    EXPECT_EQ(exception->address, 5U);
}

TEST(ElfCore, Refusals) {
    const auto no_task = CoreBuilder{kMachineRiscV}.build();
    EXPECT_EQ(refusal(no_task), "the core dump has no tasks");
    EXPECT_EQ(refusal(CoreBuilder{62}.build()),
              "the core file is from another CPU (ELF machine 62), not of an ESP32");
    EXPECT_EQ(refusal(test::container(kS3 | 0x103, no_task)),
              "the core dump contradicts itself: its header says esp32s3, its core file says "
              "RISC-V");
    EXPECT_EQ(
        refusal(test::container(kC3 | 0x103,
                                CoreBuilder{kMachineRiscV}
                                    .task(1, test::riscv_registers(1, 2, 3))
                                    .note("ESP_CORE_DUMP_INFO", kInfoNote, info(0xD0103, ""))
                                    .build())),
        "the core dump contradicts itself: its header says esp32c3, its version note 0xd0103");
    EXPECT_EQ(refusal(test::container(kC3 | 0x103, test::to_bytes("no ELF"))),
              "the core dump is truncated: the ELF header needs 16 bytes at offset 0, where 6 are "
              "left");
    EXPECT_EQ(refusal(test::read_bytes(test::crash_dir() / "thermostat.elf")),
              "this is an application ELF where a core dump was expected");
    EXPECT_EQ(refusal(CoreBuilder{kMachineRiscV}
                          .note("ESP_CORE_DUMP_INFO", kInfoNote, info(kC3 | 0x300, ""))
                          .build()),
              "core dump version 0x50300 is not supported");
    CoreBuilder crowd{kMachineRiscV};
    for (std::size_t i = 0; i <= kMaxTasks; ++i) {
        crowd.task(1, test::riscv_registers(1, 2, 3));
    }
    EXPECT_EQ(refusal(crowd.build()), "the core file is damaged: it has more than 1024 tasks");
}

/// Segments may overlap, so that a small file could otherwise hold any number of notes.
TEST(ElfCore, NotesAreCounted) {
    CoreBuilder core{kMachineRiscV};
    for (int i = 0; i < 5000; ++i) {
        core.note("", 0, {});
    }
    EXPECT_EQ(refusal(core.build()), "the core file is damaged: it has more than 4096 notes");
}

Writer bin_task(std::uint32_t tcb, std::uint32_t top, std::uint32_t end, const Bytes& tcb_bytes,
                const Bytes& stack) {
    return Writer{}.words({tcb, top, end}).bytes(tcb_bytes).align4().bytes(stack).align4();
}

TEST(BinCore, TasksThenSegments) {
    Bytes stack = words(test::riscv_registers(0x42000010, 0x42000020, 0x3FC80000));
    stack.resize(162);  // sizes need not be multiples of four
    Writer body = bin_task(0x3FC90000, 0x3FC80000, 0x3FC80000 + 162, Bytes(81), stack);
    body.bytes(bin_task(0x3FC91000, 0x3FC81000, 0x3FC81000 + 128, Bytes(81),
                        words(test::riscv_registers(0x42000030, 0, 0x3FC81000)))
                   .content());
    body.words({0x50000000, 8, 11, 22});
    for (const std::uint32_t version : {0x002, 0x003}) {
        const Bytes dump = test::container(kC3 | version, body.content(), 2, 81, 1);
        const auto [container, image] = open(dump);
        ASSERT_EQ(image.tasks.size(), 2U);
        EXPECT_TRUE(image.tasks[0].crashed);
        EXPECT_EQ(image.tasks[1].cpu.pc, 0x42000030U);
        EXPECT_EQ(image.memory.u32(0x50000004), 22U);
        EXPECT_EQ(image.elf_sha256_prefix, "");
        EXPECT_EQ(read_facts(dump).elf_sha256_prefix, std::nullopt);
    }
    const Bytes oldest = test::container(kC3 | 0x001, body.content(), 2, 81);
    EXPECT_EQ(open(oldest).image.tasks.size(), 2U);
}

TEST(BinCore, XtensaFramesOnTheStack) {
    std::vector<std::uint32_t> frame = {0xDEADBEEF, 0x40080123, 0x60830};
    for (std::uint32_t a = 0; a < 16; ++a) {
        frame.push_back(a == 1 ? 0x3FC80000 : 100 + a);
    }
    frame.insert(frame.end(), {7, 29, 0x44, 0x1000, 0x2000, 3});  // sar, cause, vaddr, loop
    Writer body = bin_task(1, 0x3FC80000, 0x3FC80000 + 100, Bytes(80), words(frame));
    body.bytes(bin_task(2, 0x3FC81000, 0x3FC81000 + 32, Bytes(80),
                        words({0, 0x80081234, 0x60820, 0, 0x80081000, 0x3FC81020, 2, 3}))
                   .content());
    const Bytes dump = test::container(kS3 | 0x002, body.content(), 2, 80);
    const auto [container, image] = open(dump);

    const CpuState& crashed = image.tasks.at(0).cpu;
    EXPECT_EQ(crashed.pc, 0x40080123U);
    EXPECT_EQ(crashed.status, 0x60820U);  // without EXCM, which the exception set
    EXPECT_EQ(crashed.general[15], 115U);
    EXPECT_EQ(crashed.loop_count, 3U);
    const auto exception = find_exception(image);
    ASSERT_TRUE(exception.has_value());
    EXPECT_EQ(exception->cause, 29U);
    EXPECT_EQ(exception->address, 0x44U);

    const CpuState& solicited = image.tasks.at(1).cpu;
    EXPECT_EQ(solicited.pc, 0x40081234U);
    EXPECT_TRUE(solicited.pc_is_return_address);
    EXPECT_EQ(solicited.general[kXtensaReturn], 0x80081000U);
    EXPECT_EQ(solicited.general[kXtensaStack], 0x3FC81020U);
    EXPECT_EQ(solicited.general[3], 3U);
    EXPECT_EQ(solicited.general[4], std::nullopt);
}

TEST(BinCore, Refusals) {
    EXPECT_EQ(refusal(test::container(kC3 | 0x002, {}, 1'000'000, 80)),
              "the core dump is damaged: its header says 1000000 tasks");
    EXPECT_EQ(refusal(test::container(kC3 | 0x002, {}, 1, 80, 1'000'000)),
              "the core dump is damaged: its header says 1000000 memory segments");
    EXPECT_EQ(refusal(test::container(kC3 | 0x002, words({1, 0, 0xFFFFFFFF}), 1, 0)),
              "the core dump is truncated: its list of tasks and memory segments needs 4294967295 "
              "bytes at offset 12, where 0 are left");
    EXPECT_EQ(refusal(test::container(kC3 | 0x002, {})), "the core dump has no tasks");
}

}  // namespace
}  // namespace coredepot::decoder
