// ELF files that were cut off or damaged on their way. A dump without the ELF's SHA-256 lets them
// through to the DWARF reader.

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "decoder/container.hpp"
#include "decoder/core_image.hpp"
#include "decoder/decode.hpp"
#include "decoder/dump_builder.hpp"
#include "decoder/samples.hpp"
#include "decoder/text.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;

class HostileElf : public testing::Test {
  protected:
    void SetUp() override {
        const Bytes dump = test::read_bytes(test::crash_dir() / "coredump.bin");
        const Container container = open_container(dump);
        const CoreImage image = read_core_image(container);
        test::CoreBuilder core{kMachineRiscV};
        for (const TaskImage& task : image.tasks) {
            std::vector<std::uint32_t> registers{task.cpu.pc};
            for (std::size_t i = 1; i < task.cpu.general.size(); ++i) {
                registers.push_back(task.cpu.general.at(i).value_or(0));
            }
            const std::uint32_t sp = task.cpu.general.at(kRiscvStack).value_or(0);
            for (const std::uint32_t address : {task.tcb, sp}) {
                const auto content = image.memory.from(address);
                core.memory(address, {content.begin(), content.end()});
            }
            core.task(task.tcb, registers);
        }
        dump_ = core.build();
        elf_ = test::read_bytes(test::crash_dir() / "thermostat.elf");
    }

    /// The text of the report, or the verdict.
    std::string outcome(const Bytes& elf) const {
        const test::TemporaryFile file{elf};
        try {
            return to_text(decode(dump_, file.path(), "esp32c3"));
        } catch (const Undecodable& error) {
            return error.what();
        }
    }

    Bytes dump_;
    Bytes elf_;
};

TEST_F(HostileElf, WholeOneIsUsed) {
    EXPECT_NE(outcome(elf_).find(
                  "relay_set_duty (percent=49 '1', relay=0x0) at /thermostat/main/heater.c:39"),
              std::string::npos);
    EXPECT_NE(outcome(elf_).find("ELF not verified"), std::string::npos);
}

TEST_F(HostileElf, CutOff) {
    for (std::size_t size = 0; size < elf_.size(); size += 251) {
        EXPECT_FALSE(
            outcome({elf_.begin(), elf_.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
    }
}

TEST_F(HostileElf, Damaged) {
    std::mt19937 random{20260211};  // NOLINT(cert-msc51-cpp): the same damage on every run
    for (int round = 0; round < 300; ++round) {
        Bytes damaged = elf_;
        for (int i = 0; i < 20; ++i) {
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        }
        EXPECT_FALSE(outcome(damaged).empty());
    }
}

TEST_F(HostileElf, OfAnotherKind) {
    Bytes host = elf_;
    host.at(18) = std::byte{62};  // e_machine: x86-64
    EXPECT_EQ(outcome(host),
              "the ELF given is not the ELF of an ESP32 application (ELF type 2, machine 62)");
    Bytes xtensa = elf_;
    xtensa.at(18) = std::byte{94};
    EXPECT_EQ(
        outcome(xtensa),
        "the ELF is of another CPU: the core dump is of a chip with a RISC-V CPU, the ELF was "
        "built for Xtensa");
    EXPECT_EQ(outcome({}), "the ELF given is not an ELF file");
}

}  // namespace
}  // namespace coredepot::decoder
