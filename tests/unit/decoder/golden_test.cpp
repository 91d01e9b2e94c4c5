// The decoder against the reference tool, by meaning, on real dumps: see golden.hpp. What may
// differ is named where it is skipped.

#include "decoder/support/golden.hpp"

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

struct Sample {
    std::string folder, chip;
    bool verified;
    std::size_t matched_frames;  ///< of this many frames function, file and line are the same
    std::size_t matched_args;    ///< so many argument values are the same
};

std::ostream& operator<<(std::ostream& out, const Sample& sample) {
    return out << sample.folder;
}

class Golden : public testing::TestWithParam<Sample> {
  protected:
    void SetUp() override {
        const auto folder = test::cores_dir() / GetParam().folder;
        if (!std::filesystem::exists(folder)) {
            GTEST_SKIP() << "NOT TESTED against the reference tool: no real dumps in " << folder
                         << "; set CORES_DIR";
        }
        report_ =
            decode(test::read_bytes(folder / "coredump.b64"), folder / "app.elf", GetParam().chip);
        golden_ = test::parse_golden(test::read_text(folder / "expected_output"));
    }

    Report report_;
    test::Golden golden_;
};

std::string place(const Frame& frame) {
    return frame.file.empty() ? "" : frame.file + ':' + std::to_string(frame.line);
}

/// What gdb shows below a task that never ran: the return address 0, on Xtensa with the code base.
bool is_gdb_artefact(const test::GoldenFrame& frame) {
    return frame.function == "??" && (frame.pc == "0x40000000" || frame.pc == "0x00000000");
}

bool is_rom(const test::GoldenFrame& frame) {
    return !frame.pc.empty() &&
           in_mask_rom(static_cast<std::uint32_t>(std::stoul(frame.pc, nullptr, 16)));
}

/// gdb's two ways of saying that the compiler has not kept a value.
bool is_optimized_out(const std::string& value) {
    return value == "<optimized out>" ||
           value == "<error reading variable: value has been optimized out>";
}

/// Compares the arguments that gdb knows; where it knows none, we may: it cannot follow the turning
/// register window of Xtensa to the values that a function was called with. Returns how many agree.
std::size_t compare_arguments(const test::GoldenFrame& expected, const Frame& ours) {
    std::size_t matched = 0;
    EXPECT_EQ(ours.args.size(), expected.args.size()) << ours.function;
    for (const Variable& argument : ours.args) {
        const auto found = expected.args.find(argument.name);
        const bool known = found != expected.args.end();
        EXPECT_TRUE(known) << ours.function << ' ' << argument.name;
        if (known && !is_optimized_out(found->second)) {
            EXPECT_EQ(argument.value, found->second) << ours.function << ' ' << argument.name;
            matched += argument.value == found->second ? 1 : 0;
        }
    }
    return matched;
}

TEST_P(Golden, HeadAndPanicReason) {
    const Task& crashed = report_.tasks.at(0);
    EXPECT_TRUE(crashed.crashed);
    EXPECT_NE(golden_.crashed_line.find(hex(crashed.tcb) + ", name: '" + crashed.name + "'"),
              std::string::npos)
        << golden_.crashed_line;
    if (report_.elf_verified) {
        EXPECT_EQ(report_.panic_reason, golden_.panic_reason);
    } else {  // The reference tool finds none in a BIN dump.
        EXPECT_TRUE(report_.panic_reason.starts_with("abort() was called at PC "));
    }
    EXPECT_EQ(report_.chip, GetParam().chip);
    EXPECT_EQ(report_.elf_verified, GetParam().verified);
}

/// They are of one bug, in three chips.
TEST_P(Golden, Signature) {
    EXPECT_EQ(report_.crash.kind, "Abort");
    EXPECT_EQ(report_.crash.functions, (std::vector<std::string>{"fail_once", "app_main"}));
    EXPECT_EQ(report_.crash.signature, "384f11d851bcdda6");
}

TEST_P(Golden, Registers) {
    std::map<std::string, std::uint32_t> ours;
    for (const auto* list : {&report_.special_registers, &report_.tasks.at(0).registers}) {
        for (const Register& entry : *list) {
            ours[entry.name] = entry.value;
        }
    }
    ASSERT_TRUE(report_.exception.has_value());
    ours["exccause"] = report_.exception->cause;
    ours["excvaddr"] = report_.exception->address;
    std::size_t matched = 0;
    for (const auto& [name, value] : golden_.registers) {
        // A BIN dump has no EPC and EPS: the reference tool fills them with zeros of its own.
        if (!report_.elf_verified && !ours.contains(name) && value == 0 && name.starts_with("ep")) {
            continue;
        }
        ASSERT_TRUE(ours.contains(name)) << name;
        EXPECT_EQ(ours[name], value) << name;
        ++matched;
    }
    EXPECT_GE(matched, 24U);
    std::cout << GetParam().folder << ": " << matched << " registers are the same\n";
}

TEST_P(Golden, TaskTable) {
    std::vector<std::string> ours;
    for (const Task& task : report_.tasks) {
        ours.push_back(hex(task.tcb) + ' ' + task.name + ' ' + std::to_string(task.priority) + '/' +
                       std::to_string(task.base_priority) + ' ' +
                       std::to_string(task.stack_used.value_or(0)) + '/' +
                       std::to_string(task.stack_free.value_or(0)));
    }
    EXPECT_EQ(ours, golden_.rows);
    std::cout << GetParam().folder << ": " << ours.size() << " task rows are the same\n";
}

TEST_P(Golden, Backtraces) {
    ASSERT_EQ(report_.tasks.size(), golden_.threads.size());
    std::size_t matched = 0;
    std::size_t matched_args = 0;
    for (std::size_t i = 0; i < golden_.threads.size(); ++i) {
        const auto& expected = golden_.threads[i].frames;
        const Task& task = report_.tasks[i];
        EXPECT_EQ(task.unwind_end, "") << task.name;
        auto ours = task.frames.begin();
        for (const test::GoldenFrame& frame : expected) {
            if (is_gdb_artefact(frame)) {
                continue;
            }
            ASSERT_NE(ours, task.frames.end()) << task.name << ' ' << frame.function;
            if (!frame.pc.empty()) {
                EXPECT_EQ(hex_address(ours->pc), frame.pc);
            }
            // The application's ELF names few of ROM's functions.
            if (is_rom(frame) && (ours->function.empty() || frame.function == "??")) {
                ++ours;
                continue;
            }
            EXPECT_EQ(ours->function, frame.function) << task.name;
            EXPECT_EQ(place(*ours), frame.place) << task.name;
            matched_args += compare_arguments(frame, *ours);
            ++ours;
            ++matched;
        }
        EXPECT_EQ(ours, task.frames.end()) << task.name << " has more frames than the reference";
    }
    EXPECT_EQ(matched, GetParam().matched_frames);
    EXPECT_EQ(matched_args, GetParam().matched_args);
    std::cout << GetParam().folder << ": " << matched << " frames and " << matched_args
              << " arguments are the same\n";
}

INSTANTIATE_TEST_SUITE_P(Cores, Golden,
                         testing::Values(Sample{"esp32", "esp32", true, 31, 31},
                                         Sample{"esp32c3", "esp32c3", true, 14, 8},
                                         Sample{"esp32s3_bin", "esp32s3", false, 37, 39}),
                         [](const auto& info) { return info.param.folder; });

/// A BIN dump names no ELF; that of another chip with the same CPU is refused all the same.
TEST(GoldenMismatch, ElfOfAnotherChip) {
    const auto cores = test::cores_dir();
    if (!std::filesystem::exists(cores)) {
        GTEST_SKIP() << "NOT TESTED: no real dumps in " << cores << "; set CORES_DIR";
    }
    const auto dump = test::read_bytes(cores / "esp32s3_bin/coredump.b64");
    EXPECT_EQ(test::verdict([&] { decode(dump, cores / "esp32/app.elf", "esp32s3"); }),
              "the ELF does not fit: none of the 8 tasks was running code of it; it is of another "
              "application or chip");
}

/// Addresses at which several lines begin, and which of them gdb 13 shows.
TEST(GoldenLines, AreChosenAsByGdb) {
    const auto elf = test::cores_dir() / "esp32c3/app.elf";
    if (!std::filesystem::exists(elf)) {
        GTEST_SKIP() << "NOT TESTED: there is no " << elf << "; set CORES_DIR";
    }
    const std::vector<std::pair<std::uint32_t, std::string>> expected = {
        {0x40380D0E, "shared_intr_isr:453"},           {0x42017624, "periph_module_enable:65"},
        {0x40384BF2, "prvAddNewTaskToReadyList:1281"}, {0x403816A4, "timer_list_unlock:404"},
        {0x40380DE2, "esp_intr_noniram_enable:890"},
    };
    test::CoreBuilder core{kMachineRiscV};
    for (const auto& [pc, line] : expected) {
        core.task(pc, test::riscv_registers(pc, 0, 0));
    }
    const Report report = decode(core.build(), elf, "esp32c3");
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const Frame& frame = report.tasks.at(i).frames.at(0);
        EXPECT_EQ(frame.function + ':' + std::to_string(frame.line), expected[i].second);
    }
}

}  // namespace
}  // namespace coredepot::decoder
