#include "decoder/support/task_shape.hpp"

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"

namespace coredepot::decoder::test {

std::string shape(const Task& task) {
    std::string text;
    for (const Frame& frame : task.frames) {
        text += frame.folded == 0 ? "" : '[' + std::to_string(frame.folded) + "] ";
        text += frame.guessed ? "?" : "";
        text += frame.function.empty() ? std::to_string(frame.pc) : frame.function;
        text += ' ';
    }
    return text + task.unwind_end;
}

Task decode_task(std::uint16_t machine, const Bytes& elf,
                 const std::vector<std::uint32_t>& registers, const Bytes& stack) {
    const TemporaryFile application{elf};
    const Bytes core = CoreBuilder{machine}
                           .memory(kTcb, tcb("loop", 5, kStack, kStack, kStack + 0x400))
                           .memory(kStack, stack)
                           .task(kTcb, registers)
                           .build();
    return decode(core, application.path(), "").tasks.at(0);
}

}  // namespace coredepot::decoder::test
