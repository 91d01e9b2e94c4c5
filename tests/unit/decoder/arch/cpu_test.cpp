// What holds for every CPU architecture: a new one is looked at as soon as it is listed.

#include "decoder/arch/cpu.hpp"

#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "decoder/limits/undecodable.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

class EveryCpu : public testing::TestWithParam<const Cpu*> {
  protected:
    const Cpu& cpu_ = *GetParam();
};

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span{text});
}

/// Each register that a report shows has a value of its own.
CpuState distinct_state(const Cpu& cpu) {
    CpuState state;
    std::uint32_t value = 0x40000000;
    for (const CpuRegister& entry : cpu.registers) {
        entry.set(state, value += 4);
    }
    return state;
}

TEST_P(EveryCpu, IsFoundByItsArchitectureAndMachine) {
    EXPECT_EQ(&cpu_of(cpu_.architecture), &cpu_);
    EXPECT_EQ(architecture_of_machine(machine_of(cpu_.architecture)), cpu_.architecture);
    EXPECT_FALSE(architecture_name(cpu_.architecture).empty());
}

TEST_P(EveryCpu, HasOnePcAndNoNameTwice) {
    std::set<std::string_view> names;
    std::set<std::string_view> printed;
    std::size_t pcs = 0;
    for (const CpuRegister& entry : cpu_.registers) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        EXPECT_TRUE(printed.insert(entry.printed).second) << entry.printed;
        pcs += entry.is_pc() ? 1 : 0;
    }
    EXPECT_EQ(pcs, 1U);
}

TEST_P(EveryCpu, ReadsTheNoteThatItWrites) {
    const CpuState state = distinct_state(cpu_);
    const std::string note = cpu_.write_note(state);
    const auto before = named_registers(state, cpu_);
    const auto after = named_registers(cpu_.read_note(bytes_of(note), true), cpu_);
    ASSERT_EQ(before.size(), cpu_.registers.size());
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].name, before[i].name);
        EXPECT_EQ(after[i].value, before[i].value) << before[i].name;
    }
}

TEST_P(EveryCpu, RefusesRegistersThatAreCutOff) {
    const std::string note = cpu_.write_note(distinct_state(cpu_));
    const std::string_view cut{note.data(), note.size() - 1};
    EXPECT_THROW(cpu_.read_note(std::as_bytes(std::span{cut}), true), Undecodable);
    EXPECT_THROW(cpu_.read_stack(std::as_bytes(std::span{cut}).first(8)), Undecodable);
}

TEST_P(EveryCpu, SaysOnceWhatEachCauseIs) {
    std::set<std::uint32_t> causes;
    for (const ExceptionCause& cause : cpu_.causes) {
        EXPECT_TRUE(causes.insert(cause.cause).second) << cause.cause;
        EXPECT_FALSE(cause.name.empty()) << cause.cause;
        EXPECT_FALSE(cause.kind.empty()) << cause.cause;
    }
    for (const PrintedCause& printed : cpu_.printed_causes) {
        EXPECT_TRUE(causes.contains(printed.cause)) << printed.name;
    }
}

TEST_P(EveryCpu, CompletesWhatWasPrintedWithItsInnermostFrame) {
    PrintedStack stack;
    stack.frames = {{0x42001000, 0x3FC90000}};
    cpu_.complete(stack);
    EXPECT_NE(stack.cpu.pc, 0U);
    EXPECT_EQ(stack.cpu.general.at(cpu_.stack_register), 0x3FC90000U);
    ASSERT_EQ(stack.frames.size(), 1U);

    PrintedStack nothing;
    cpu_.complete(nothing);
    EXPECT_TRUE(nothing.frames.empty());
    EXPECT_EQ(nothing.cpu.pc, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, EveryCpu, testing::ValuesIn(all_cpus()), [](const auto& cpu) {
    std::string name{architecture_name(cpu.param->architecture)};
    std::erase(name, '-');
    return name;
});

TEST(Cpus, AreNoneOfOtherMachines) {
    ASSERT_FALSE(all_cpus().empty());
    EXPECT_EQ(architecture_of_machine(3), std::nullopt);  // EM_386
}

}  // namespace
}  // namespace coredepot::decoder
