#include "decoder/arch/cpu.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace coredepot::decoder {
namespace {

constexpr std::array kCpus = {&kXtensaCpu, &kRiscvCpu};

}  // namespace

std::span<const Cpu* const> all_cpus() {
    return kCpus;
}

const Cpu& cpu_of(Architecture architecture) {
    return **std::ranges::find(kCpus, architecture, &Cpu::architecture);
}

std::vector<Register> named_registers(const CpuState& state, const Cpu& cpu) {
    std::vector<Register> registers;
    for (const CpuRegister& entry : cpu.registers) {
        if (const auto value = entry.of(state)) {
            registers.push_back({std::string{entry.name}, *value, {}});
        }
    }
    return registers;
}

}  // namespace coredepot::decoder
