#include "decoder/listed_walk.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace coredepot::decoder {
namespace {

/// esp-backtrace lists where the calls are, by its own idea of their size. Its early versions list
/// where the calls return to; so do all versions on Xtensa when they list the calls of an exception
/// without a heading.
std::vector<std::uint32_t> return_addresses(const TaskImage& image, const Cpu& cpu,
                                            const ApplicationElf& elf) {
    const auto& listed = image.calls;
    const auto follow_calls = [&](std::uint32_t offset) {
        return std::ranges::count_if(
            listed, [&](std::uint32_t address) { return cpu.follows_call(address + offset, elf); });
    };
    const auto as_they_are = follow_calls(0);
    const auto behind = follow_calls(cpu.longest_call);
    const bool likely = cpu.architecture == Architecture::Xtensa && !image.calls_have_heading;
    const bool returns = as_they_are > behind || (as_they_are == behind && likely);
    const std::uint32_t offset = returns ? 0 : cpu.longest_call;
    std::vector<std::uint32_t> addresses;
    std::ranges::transform(listed, std::back_inserter(addresses),
                           [offset](std::uint32_t address) { return address + offset; });
    return addresses;
}

/// How many of them lead the CPU from an exception to its handler.
std::size_t calls_of_handler(const std::vector<std::uint32_t>& addresses, const Cpu& cpu,
                             const SymbolTable& symbols) {
    for (std::size_t i = addresses.size(); i-- > 0;) {
        const auto function = symbols.find(addresses[i] - 1);
        if (function && std::ranges::find(cpu.exception_entries, function->name) !=
                            cpu.exception_entries.end()) {
            return i + 1;
        }
    }
    return 0;
}

}  // namespace

Walk listed_walk(const TaskImage& image) {
    Walk walk;
    for (const FrameImage& frame : image.listed) {
        const bool innermost = walk.frames.empty();
        walk.frames.push_back({frame.pc, innermost ? frame.pc : frame.pc - 1, frame.sp});
        if (innermost) {
            walk.frames.back().registers = frame_registers(image.cpu.general);
        } else {
            walk.frames[walk.frames.size() - 2].cfa = frame.sp;
        }
    }
    return walk;
}

Walk called_walk(const TaskImage& image, const Cpu& cpu, const ApplicationElf& elf,
                 const SymbolTable& symbols) {
    const auto addresses = return_addresses(image, cpu, elf);
    Walk walk;
    std::size_t first = 0;
    if (!image.cpu.pc_is_return_address) {
        first = calls_of_handler(addresses, cpu, symbols);
        walk.add({image.cpu.pc, image.cpu.pc, image.cpu.general[cpu.stack_register].value_or(0)});
        walk.frames.back().registers = frame_registers(image.cpu.general);
    }
    for (std::size_t i = first; i < addresses.size(); ++i) {
        walk.add({addresses[i], addresses[i] - 1});
    }
    return walk;
}

}  // namespace coredepot::decoder
