#include "decoder/diagnosis/stack_overflow.hpp"

#include <cstdint>

#include "decoder/arch/exception_names.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

/// Whether a stack pointer that is further below the stack than the stack is long still comes from
/// it, as when a function has an array larger than the whole stack. Frames that lead into the stack
/// prove it. Without them it may be a stack of the firmware's own coroutines, which has an
/// outermost frame, or the interrupts' stack, which is below those of tasks.
bool has_gone_far(const Report& report, const Task& task) {
    if (task.uses_own_stack) return true;
    const auto* const map = find_memory_map(report.chip, report.chip_revision);
    return report.in_interrupt == false && !task.unwind_end.empty() && map != nullptr &&
           map->in_one_region(*task.stack_pointer, *task.stack_start);
}

}  // namespace

bool has_overflowed(const Report& report) {
    // The guard is a watchpoint in the last 32 to 64 bytes of a stack.
    constexpr std::uint32_t kGuard = 64;
    const auto* const task = report.crashed_task();
    if (task == nullptr || !task->stack_pointer || !task->stack_start || !task->stack_end ||
        report.in_interrupt == true || task->stack_is_fake ||
        *task->stack_end < *task->stack_start) {
        return false;
    }
    const auto sp = *task->stack_pointer;
    const auto start = *task->stack_start;
    if (sp < start) {
        return start - sp < *task->stack_end - start || has_gone_far(report, *task);
    }
    const bool watched =
        report.exception &&
        exception_kind(report.architecture, report.exception->cause) == kinds::kBreakpoint;
    return watched && sp - start < kGuard;
}

}  // namespace coredepot::decoder
