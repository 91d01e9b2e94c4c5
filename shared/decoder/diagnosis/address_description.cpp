#include "decoder/diagnosis/address_description.hpp"

#include <string_view>

#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

/// Empty when it is in no task's stack.
std::string task_stack(std::uint32_t address, const Report& report) {
    for (const Task& task : report.tasks) {
        if (task.stack_start && task.stack_end && address >= *task.stack_start &&
            address < *task.stack_end) {
            return "the stack of task '" + task.name + "'";
        }
    }
    return {};
}

}  // namespace

std::string describe_address(std::uint32_t address, const Report& report, const ApplicationElf& elf,
                             const SymbolTable& symbols) {
    if (address < kNullPageEnd) {
        return address == 0
                   ? "the null page: a null pointer"
                   : "the null page: a null pointer and an offset of " + std::to_string(address);
    }
    if (std::string stack = task_stack(address, report); !stack.empty()) {
        return stack;
    }
    const std::string section = elf.section_at(address);
    const std::string symbol = symbols.describe_any(address);
    if (!section.empty()) {
        const bool code = elf.is_code(address);
        return (symbol.empty() ? "" : (code ? "function " : "variable ") + symbol + " in ") +
               section;
    }
    const std::string_view region = memory_region(report.chip, address);
    if (!region.empty()) {
        return std::string{region} + (symbol.empty() ? ", in none of the application's sections"
                                                     : ", function " + symbol);
    }
    return find_memory_map(report.chip) != nullptr ? "no memory: the chip has nothing there"
                                                   : "unknown memory";
}

}  // namespace coredepot::decoder
