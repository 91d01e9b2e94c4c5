// What gdb needs of the ELF core file that `--save-core` writes, of Xtensa, whose gdb Debian lacks.

#include "decoder/dump/core_file.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <elf.h>
#include <gtest/gtest.h>

#include "decoder/crash_source.hpp"
#include "decoder/support/golden.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint16_t kXtensaMachine = 94;
/// Of struct elf_prstatus: where the thread's number and the registers are.
constexpr std::size_t kPid = 24;
constexpr std::size_t kRegisters = 72;
/// xtensa_elf_gregset_t of gdb's xtensa-tdep.h: eight registers, 56 words that are reserved, and
/// the 64 physical registers.
constexpr std::size_t kFirstPhysical = 64;
constexpr std::size_t kGregsetWords = 128;
constexpr std::array<std::string_view, 6> kLeading = {"pc", "ps", "lbeg", "lend", "lcount", "sar"};
constexpr std::size_t kWindowStart = 6;
constexpr std::size_t kWindowBase = 7;

template <typename Structure>
Structure at(std::string_view file, std::size_t offset) {
    Structure value{};
    EXPECT_LE(offset + sizeof value, file.size());
    std::memcpy(&value, file.substr(offset, sizeof value).data(), sizeof value);
    return value;
}

struct Status {
    std::uint32_t pid = 0;
    std::vector<std::uint32_t> registers{};
};

std::size_t aligned(std::size_t size) {
    return (size + 3) / 4 * 4;
}

/// Of each NT_PRSTATUS note, in the order of the file.
std::vector<Status> statuses(std::string_view notes) {
    std::vector<Status> all;
    for (std::size_t offset = 0; offset < notes.size();) {
        const auto head = at<Elf32_Nhdr>(notes, offset);
        const auto name = offset + sizeof head;
        const auto descriptor = name + aligned(head.n_namesz);
        if (head.n_type == NT_PRSTATUS && notes.substr(name, 5) == std::string_view("CORE\0", 5)) {
            Status status{at<std::uint32_t>(notes, descriptor + kPid)};
            EXPECT_GE(head.n_descsz, kRegisters + 4 * kGregsetWords);
            for (std::size_t i = 0; i < kGregsetWords; ++i) {
                status.registers.push_back(
                    at<std::uint32_t>(notes, descriptor + kRegisters + 4 * i));
            }
            all.push_back(std::move(status));
        }
        offset = descriptor + aligned(head.n_descsz);
    }
    return all;
}

class XtensaCoreFile : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const auto folder = test::cores_dir() / GetParam();
        if (!std::filesystem::exists(folder)) {
            GTEST_SKIP() << "NOT TESTED: no real dumps in " << folder << "; set CORES_DIR";
        }
        dump_ = test::read_bytes(folder / "coredump.b64");
        image_ = CrashSource{dump_}.image([] { return Architecture::Xtensa; });
        file_ = core_file(image_);
        golden_ = test::parse_golden(test::read_text(folder / "expected_output"));
    }

    std::vector<Elf32_Phdr> parts() const {
        const auto header = at<Elf32_Ehdr>(file_, 0);
        std::vector<Elf32_Phdr> all;
        for (std::size_t i = 0; i < header.e_phnum; ++i) {
            all.push_back(at<Elf32_Phdr>(file_, header.e_phoff + i * header.e_phentsize));
        }
        return all;
    }
    std::string_view content(const Elf32_Phdr& part) const {
        return std::string_view(file_).substr(part.p_offset, part.p_filesz);
    }

    test::Bytes dump_;
    CoreImage image_;
    std::string file_;
    test::Golden golden_;
};

TEST_P(XtensaCoreFile, IsACoreOfThatCpu) {
    const auto header = at<Elf32_Ehdr>(file_, 0);
    EXPECT_EQ(std::memcmp(header.e_ident, ELFMAG, SELFMAG), 0);
    EXPECT_EQ(header.e_ident[EI_CLASS], ELFCLASS32);
    EXPECT_EQ(header.e_ident[EI_DATA], ELFDATA2LSB);
    EXPECT_EQ(header.e_type, ET_CORE);
    EXPECT_EQ(header.e_machine, kXtensaMachine);
    EXPECT_EQ(header.e_phentsize, sizeof(Elf32_Phdr));
    EXPECT_EQ(header.e_shnum, 0);
}

/// What gdb showed of the original dump is where it looks for that.
TEST_P(XtensaCoreFile, HasTheRegistersInTheOrderOfGdb) {
    ASSERT_EQ(parts().at(0).p_type, PT_NOTE);
    const auto threads = statuses(content(parts().at(0)));
    ASSERT_EQ(threads.size(), image_.tasks.size());
    for (std::size_t i = 0; i < threads.size(); ++i) {
        EXPECT_EQ(threads[i].pid, image_.tasks[i].tcb);
        EXPECT_EQ(threads[i].registers.at(0), image_.tasks[i].cpu.pc);
    }
    const auto& crashed = threads.at(0).registers;
    for (std::size_t i = 0; i < kLeading.size(); ++i) {
        EXPECT_EQ(crashed.at(i), golden_.registers.at(std::string(kLeading.at(i))))
            << kLeading.at(i);
    }
    EXPECT_EQ(crashed.at(kWindowBase), 0U);
    EXPECT_EQ(crashed.at(kWindowStart) & 1U, 1U) << "the window at hand is in use";
    for (std::size_t i = 0; i < 16; ++i) {
        const auto name = 'a' + std::to_string(i);
        EXPECT_EQ(crashed.at(kFirstPhysical + i), golden_.registers.at(name)) << name;
    }
}

TEST_P(XtensaCoreFile, HasAllMemoryOfTheDump) {
    auto segments = image_.memory.segments();
    ASSERT_GT(segments.size(), 0U);
    ASSERT_EQ(parts().size(), segments.size() + 1);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto part = parts().at(i + 1);
        EXPECT_EQ(part.p_type, PT_LOAD);
        EXPECT_EQ(part.p_vaddr, segments[i].start);
        EXPECT_EQ(part.p_memsz, part.p_filesz);
        const auto bytes = content(part);
        ASSERT_EQ(bytes.size(), segments[i].bytes.size());
        EXPECT_EQ(std::memcmp(bytes.data(), segments[i].bytes.data(), bytes.size()), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Cores, XtensaCoreFile, testing::Values("esp32", "esp32s3_bin"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace coredepot::decoder
