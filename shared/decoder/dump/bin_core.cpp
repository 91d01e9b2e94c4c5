#include "decoder/dump/bin_core.hpp"

#include <algorithm>
#include <string>

#include "decoder/arch/cpu.hpp"
#include "decoder/bytes/byte_reader.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

void check_count(std::size_t count, std::size_t limit, const char* things) {
    if (count > limit) {
        throw Undecodable{"the core dump is damaged: its header says " + std::to_string(count) +
                          ' ' + things};
    }
}

}  // namespace

CoreImage read_bin_core(const Container& container) {
    check_count(container.task_count, kMaxTasks, "tasks");
    check_count(container.segment_count, kMaxSegments, "memory segments");

    CoreImage image;
    image.chip = container.chip;
    image.architecture = container.chip->architecture;
    ByteReader reader{container.body, "its list of tasks and memory segments"};
    for (std::uint32_t i = 0; i < container.task_count; ++i) {
        TaskImage task;
        task.crashed = i == 0;
        task.tcb = reader.u32();
        const std::uint32_t top = reader.u32();
        const std::uint32_t end = reader.u32();
        image.memory.add({task.tcb, reader.take(container.tcb_size)});
        reader.align4();
        // ESP-IDF allows stacks that grow upwards; then `end` is the lower address.
        const auto stack = reader.take(std::max(top, end) - std::min(top, end));
        reader.align4();
        image.memory.add({std::min(top, end), stack});
        task.cpu = cpu_of(image.architecture).read_stack(stack);
        image.tasks.push_back(task);
    }
    for (std::uint32_t i = 0; i < container.segment_count; ++i) {
        const std::uint32_t start = reader.u32();
        const std::uint32_t size = reader.u32();
        image.memory.add({start, reader.take(size)});
        reader.align4();
    }
    return image;
}

}  // namespace coredepot::decoder
