#include "decoder/support/backtrace_text.hpp"

#include <cstddef>

namespace coredepot::decoder::test {

std::string backtraces(const Report& report) {
    std::string text;
    for (const Task& task : report.tasks) {
        text += "task " + task.name + '\n';
        std::size_t number = 0;
        for (const Frame& frame : task.frames) {
            if (!frame.function.empty()) {
                text += '#' + std::to_string(number++) + ' ' + frame.function + ' ' + frame.file +
                        ':' + std::to_string(frame.line) + '\n';
            }
        }
    }
    return text;
}

}  // namespace coredepot::decoder::test
