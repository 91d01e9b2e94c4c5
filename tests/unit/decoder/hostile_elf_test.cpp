// ELF files that were cut off or damaged on their way. A dump without the ELF's SHA-256 lets them
// through to the DWARF reader.

#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/elf_editor.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;

/// Notices whoever opens a file.
class OpenWatch {
  public:
    explicit OpenWatch(const std::filesystem::path& path) {
        EXPECT_GE(inotify_add_watch(queue_, path.c_str(), IN_OPEN), 0);
    }
    ~OpenWatch() { close(queue_); }
    OpenWatch(const OpenWatch&) = delete;
    OpenWatch& operator=(const OpenWatch&) = delete;

    bool was_opened() const {
        std::array<char, 4096> events{};
        return read(queue_, events.data(), events.size()) > 0;
    }

  private:
    int queue_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
};

class HostileElf : public testing::Test {
  protected:
    /// The text of the report, or the verdict.
    std::string outcome(const Bytes& elf) const {
        const test::TemporaryFile file{elf};
        try {
            return to_text(decode(dump_, file.path(), "esp32c3"));
        } catch (const Undecodable& error) {
            return error.what();
        }
    }

    const Bytes dump_ =
        test::without_elf_sha256(test::read_bytes(test::crash_dir() / "coredump.bin"));
    const Bytes elf_ = test::read_bytes(test::crash_dir() / "thermostat.elf");
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

// libdw makes an object of each unit, and ends the process when there is no memory for one more.
TEST_F(HostileElf, OfTooManyUnits) {
    const test::Writer unit = test::Writer{}.u32(8).u16(4).u32(0).u16(4);  // of DWARF 4, empty
    for (const int count : {90'000, 110'000}) {
        Bytes elf = elf_;
        const auto start = static_cast<std::uint32_t>(elf.size());
        for (int i = 0; i < count; ++i) {
            elf.insert(elf.end(), unit.content().begin(), unit.content().end());
        }
        test::set_section(elf, ".debug_info", start,
                          static_cast<std::uint32_t>(elf.size()) - start);
        const bool refused =
            outcome(elf) == "the ELF is damaged: its debug information has more than 100000 units";
        EXPECT_EQ(refused, count > 100'000) << count;
    }
}

// It may name any file that the decoder can read, or a FIFO that it would wait at for ever.
TEST_F(HostileElf, WithNamesInAnotherFileOpensNone) {
    const test::TemporaryFile other{elf_};
    const OpenWatch watch{other.path()};
    const auto text = outcome(test::with_names_in(other.path(), elf_));
    EXPECT_FALSE(watch.was_opened());
    EXPECT_NE(text.find("heater.c:39"), std::string::npos) << text;
    EXPECT_NE(text.find("is in another file, which is not read"), std::string::npos) << text;
    ASSERT_FALSE(test::read_bytes(other.path()).empty());
    EXPECT_TRUE(watch.was_opened()) << "as it is, now";
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
