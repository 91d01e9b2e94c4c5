#include "decoder/dump/exception.hpp"

#include <algorithm>
#include <string>

#include "decoder/arch/cpu.hpp"
#include "decoder/arch/exception_names.hpp"

namespace coredepot::decoder {
namespace {

const TaskImage* crashed_task(const CoreImage& image) {
    const bool known = !image.tasks.empty() && image.tasks.front().crashed;
    return known ? &image.tasks.front() : nullptr;
}

std::optional<std::uint32_t> special_register(const CoreImage& image, std::uint32_t number) {
    const auto found = std::ranges::find(image.special_registers, number, &SpecialRegister::number);
    return found == image.special_registers.end() ? std::nullopt : std::optional{found->value};
}

/// From its own note, which exists even if the task was left out.
std::optional<FaultImage> noted_exception(const CoreImage& image) {
    const NotedRegisters* const noted = cpu_of(image.architecture).noted_registers;
    const auto cause = noted == nullptr ? std::nullopt : special_register(image, noted->cause);
    if (!cause) {
        return std::nullopt;
    }
    return FaultImage{*cause, special_register(image, noted->address).value_or(0)};
}

}  // namespace

std::optional<Exception> find_exception(const CoreImage& image) {
    auto found = image.fault ? image.fault : noted_exception(image);
    const TaskImage* const task = crashed_task(image);
    if (!found && task != nullptr && image.source == Source::CoreDump) {
        found = cpu_of(image.architecture).find_fault(task->cpu, image.memory);
    }
    if (!found) {
        return std::nullopt;
    }
    return Exception{.cause = found->cause,
                     .address = found->address,
                     .name = exception_name(image.architecture, found->cause),
                     .has_address = has_fault_address(image.architecture, found->cause)};
}

std::vector<Register> named_special_registers(const CoreImage& image) {
    const NotedRegisters* const noted = cpu_of(image.architecture).noted_registers;
    if (noted == nullptr) {
        return {};
    }
    std::vector<Register> registers;
    for (const auto& [number, name] : noted->others) {
        if (const auto value = special_register(image, number)) {
            registers.push_back({std::string{name}, *value, {}});
        }
    }
    return registers;
}

}  // namespace coredepot::decoder
