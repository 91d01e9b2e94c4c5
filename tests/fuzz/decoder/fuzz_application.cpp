// The ELF of the application: symbols, units, line tables, call frame information, expressions and
// types. The dump stays the same: a task of tests/data/values/values.c and one of tests/data/pairs,
// which are seeds.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/target/chip.hpp"

namespace {

using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)

/// The failed check of silent.elf (`silent,8` in `dumps`): its expression is behind a pointer that
/// is optimized out.
void add_failed_check(test::CoreBuilder& core) {
    constexpr std::uint32_t kStack = 0x3FC81C70;
    constexpr std::uint32_t kTcb = 0x3FC8F100;
    core.memory(kTcb, test::tcb("check", 1, kStack, kStack - 0x100, kStack + 0x50));
    core.memory(kStack, test::Writer{}
                            .words({0, 0, 0, 0x42000620, 0, 0, 0, 0x4200069C, 0, 0, 0, 0x420006B2})
                            .words({0, 0, 0, 0x420008F8, 0, 0, 0, 0, 0, 0, 0, 0x42000D7A})
                            .content());
    core.task(kTcb, test::riscv_registers(0x4200060E, 0x42000604, kStack));
}

/// Crashed in innermost(), which second_jump() led to, called by outer(), called by _start().
test::Bytes dump() {
    constexpr std::uint32_t kStack = 0x3FC90000;
    constexpr std::uint32_t kTcb = 0x3FC8F000;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kTcb, test::tcb("main", 1, kStack, kStack - 0x100, kStack + 0x20));
    core.memory(kStack, test::Writer{}.words({0, 0, 0, 0x42000068, 0, 0, 0, 0}).content());
    core.memory(0x3FC80000, test::Bytes(0x108));  // the variables
    core.task(kTcb, test::riscv_registers(0x4200000E, 0x4200004A, kStack));
    add_failed_check(core);
    return core.build();
}

/// A file without a place on a disk.
class MemoryFile {
  public:
    MemoryFile() : fd_{memfd_create("elf", 0)}, path_{"/proc/self/fd/" + std::to_string(fd_)} {}

    const std::string& hold(std::span<const std::uint8_t> bytes) {
        const bool written = ftruncate(fd_, 0) == 0 && pwrite(fd_, bytes.data(), bytes.size(), 0) ==
                                                           static_cast<ssize_t>(bytes.size());
        return written ? path_ : (std::abort(), path_);
    }

  private:
    int fd_;
    std::string path_;
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const test::Bytes kDump = dump();
    static MemoryFile file;
    try {
        to_text(decode(kDump, file.hold({data, size}), "esp32c3"));
    } catch (const Undecodable&) {  // NOLINT(bugprone-empty-catch): a verdict, as it should be
    }
    return 0;
}
