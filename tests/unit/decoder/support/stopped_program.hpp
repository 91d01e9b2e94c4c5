#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder::test {

/// Where gdb stopped a RISC-V program under QEMU: a line of a file beside that program.
struct Stop {
    std::string label;                     ///< what the line begins with
    std::vector<std::uint32_t> registers;  ///< in the order of a core dump
    std::vector<std::uint32_t> stack;      ///< its words, from the stack pointer on
};

/// The lines of `file`: `LABEL REGISTER... - WORD...`, the numbers in hex.
inline std::vector<Stop> read_stops(const std::filesystem::path& file) {
    std::istringstream lines{read_text(file)};
    std::vector<Stop> all;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        Stop stop;
        words >> stop.label;
        auto* list = &stop.registers;
        for (std::string word; words >> word;) {
            if (word == "-") {
                list = &stop.stack;
            } else {
                list->push_back(static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)));
            }
        }
        all.push_back(std::move(stop));
    }
    return all;
}

/// The core dump that a device would have written there.
inline Report decode_stop(const Stop& stop, const std::filesystem::path& elf) {
    constexpr std::uint32_t kTcb = 0x3FC70000;
    const std::uint32_t sp = stop.registers.at(2);
    CoreBuilder core{kMachineRiscV};
    core.task(kTcb, stop.registers);
    core.memory(sp, Writer{}.words(stop.stack).content());
    core.memory(kTcb, tcb("main", 1, sp, sp & ~0xFFFFU, sp | 0xFFFU));
    return decode(core.build(), elf, "esp32c3");
}

}  // namespace coredepot::decoder::test
