#include "decoder/stack_place.hpp"

#include <algorithm>
#include <array>

#include "decoder/arch/cpu.hpp"

namespace coredepot::decoder {

void place_stack(CoreImage& image, const PreparedElf& elf) {
    /// The sizes at which esp-backtrace cuts it off (ESP_BACKTRACE_CONFIG_STACK_DUMP_MAX_SIZE).
    constexpr std::array<std::size_t, 4> kLimits = {4096, 8192, 16'384, 32'768};
    constexpr std::uint32_t kNoMemory = 0x10000000;
    const auto stack = image.unplaced_stack;
    if (stack.empty()) {
        return;
    }
    const auto end = elf.symbols().rust_stack_end();
    const bool whole = std::ranges::find(kLimits, stack.size()) == kLimits.end();
    const bool known = end && whole && *end > stack.size();
    const auto size = static_cast<std::uint32_t>(stack.size());
    const std::uint32_t start = known ? *end - size : kNoMemory;
    if (!known) {
        image.remarks.emplace_back(
            "The text does not tell where the stack was: the stack pointer is made up.");
    }
    image.memory.add({start, stack});
    auto& sp = image.tasks.front().cpu.general[cpu_of(image.architecture).stack_register];
    sp = sp.value_or(start);  // after an exception it is known, and the handler's is another
    image.unplaced_stack = {};
}

}  // namespace coredepot::decoder
