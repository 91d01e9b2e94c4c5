#pragma once

#include <string>
#include <vector>

#include "decoder/report/report.hpp"

namespace coredepot::decoder::test {

/// A frame of the application's own code, or of where `file` says.
inline Frame frame(const std::string& function,
                   const std::string& file = "/home/me/app/main/main.c", int line = 10) {
    return {0x42001234, function, file, line};
}

inline Frame idf(const std::string& function, const std::string& file) {
    return frame(function, "/opt/esp/idf/components/" + file);
}

inline std::vector<Frame> frames(const std::vector<std::string>& functions) {
    std::vector<Frame> all;
    for (const auto& function : functions) all.push_back(frame(function));
    return all;
}

/// `inner`, called by `outer`.
inline std::vector<Frame> operator+(std::vector<Frame> inner, const std::vector<Frame>& outer) {
    inner.insert(inner.end(), outer.begin(), outer.end());
    return inner;
}

/// How abort() ends on a device.
inline std::vector<Frame> aborting() {
    return {idf("panic_abort", "esp_system/panic.c"),
            idf("esp_system_abort", "esp_system/port/esp_system_chip.c"),
            idf("abort", "newlib/src/abort.c")};
}

inline std::vector<Frame> task_start() {
    return {idf("vPortTaskWrapper", "freertos/port/riscv/port.c")};
}

/// A store to address 5 by the task `main`, whose ELF is verified.
inline Report crash(std::vector<Frame> backtrace, const std::string& panic_reason = "") {
    Report report;
    report.elf_verified = true;
    report.panic_reason = panic_reason;
    report.exception = Exception{29, 0x5, "StoreProhibitedCause", "", true};
    Task task;
    task.name = "main";
    task.crashed = true;
    task.frames = std::move(backtrace);
    report.tasks = {task};
    return report;
}

inline Report abort_in(const std::vector<Frame>& backtrace) {
    return crash(aborting() + backtrace, "abort() was called at PC 0x40380698 on core 0");
}

}  // namespace coredepot::decoder::test
