#include "decoder/diagnosis/stack_overflow.hpp"

#include <cstdint>

#include "decoder/arch/exception_names.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

/// Whether a stack pointer further below the stack than that is long comes from it, as it does when
/// a function has an array that is larger than all of the stack. The frames that lead into the
/// stack prove it. Without them it may as well be a stack of a firmware's own coroutine, which has
/// an outermost frame, or of interrupts, whose memory is below that of tasks.
bool has_gone_far(const Report& report, const Task& task) {
    if (task.uses_own_stack) return true;
    const auto* const map = find_memory_map(report.chip, report.chip_revision);
    return report.in_interrupt == false && !task.unwind_end.empty() && map != nullptr &&
           map->in_one_region(*task.stack_pointer, *task.stack_start);
}

}  // namespace

bool has_overflowed(const Report& report) {
    // The guard is a watchpoint within the last 32 to 64 bytes of a stack.
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
