#include "decoder/diagnosis/rules_1_frames.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder::rules_1 {
namespace {

/// Parts of a source file's path: ESP-IDF's component folders, and the C library's own source.
constexpr std::array<std::string_view, 11> kFiles = {"/freertos/",
                                                     "/newlib/",
                                                     "/esp_system/panic.c",
                                                     "/esp_system/port/",
                                                     "/esp_system/esp_err",
                                                     "/esp_system/stack",
                                                     "/espcoredump/",
                                                     "/components/riscv/",
                                                     "/esp_system/esp_system.c",
                                                     "/components/xtensa/",
                                                     "/intr_alloc.c"};

/// Functions that carry out a crash, by their names in ESP-IDF and in the compilers' libraries, for
/// frames whose file is not known.
constexpr std::array<std::string_view, 36> kFunctions = {"abort",
                                                         "_global_interrupt_handler",
                                                         "_interrupt_handler",
                                                         "_tee_interrupt_handler",
                                                         "shared_intr_isr",
                                                         "__assert",
                                                         "__assert_func",
                                                         "__stack_chk_fail",
                                                         "__cxa_throw",
                                                         "__cxa_pure_virtual",
                                                         "__cxa_rethrow",
                                                         "_esp_error_check_failed",
                                                         "esp_error_check_failed_print",
                                                         "esp_system_abort",
                                                         "esp_restart_noos",
                                                         "esp_vApplicationIdleHook",
                                                         "panic_abort",
                                                         "panic_handler",
                                                         "panic_restart",
                                                         "panicHandler",
                                                         "std::terminate",
                                                         "std::unexpected",
                                                         "task_wdt_isr",
                                                         "task_wdt_timeout_handling",
                                                         "task_wdt_timeout_abort",
                                                         "vApplicationStackOverflowHook",
                                                         "xt_unhandled_exception",
                                                         "_xt_panic",
                                                         "_panic_handler",
                                                         "core::option::expect_failed",
                                                         "core::option::unwrap_failed",
                                                         "core::result::unwrap_failed",
                                                         "__rust_start_panic",
                                                         "rust_begin_unwind",
                                                         "rust_panic",
                                                         "main_task"};

constexpr std::array<std::string_view, 5> kRuntime = {"__cxxabiv1::", "__gnu_cxx::", "_xt_",
                                                      "core::panicking::", "std::panicking::"};

/// `xTaskCreate`, `prvIdleTask`, `vQueueDelete`, `pvTaskGetThreadLocalStoragePointer`: a FreeRTOS
/// function's name begins with its return type, and its module follows.
bool has_freertos_name(std::string_view name) {
    constexpr std::array<std::string_view, 9> kReturns = {"prv", "ux", "ul", "pv", "pc",
                                                          "pd",  "v",  "x",  "e"};
    constexpr std::array<std::string_view, 9> kModules = {"Task",         "Queue",      "Port",
                                                          "Semaphore",    "EventGroup", "Timer",
                                                          "StreamBuffer", "List",       "Idle"};
    for (const auto returned : kReturns) {
        if (!name.starts_with(returned)) continue;
        const auto rest = name.substr(returned.size());
        if (std::ranges::any_of(kModules, [&](auto module) { return rest.starts_with(module); })) {
            return true;
        }
    }
    return false;
}

bool is_of_the_system(const Frame& frame) {
    // Where most chips have their mask ROM, the P4 and the S31 have flash. But only the
    // application's own code has source lines.
    if (in_mask_rom(frame.pc) && frame.file.empty()) return true;
    const auto in_path = [&](auto part) { return frame.file.find(part) != std::string::npos; };
    if (std::ranges::any_of(kFiles, in_path)) return true;
    const auto name = stable_name(frame.function);
    const auto starts = [&](auto start) { return name.starts_with(start); };
    return std::ranges::find(kFunctions, name) != kFunctions.end() ||
           std::ranges::any_of(kRuntime, starts) || (frame.file.empty() && has_freertos_name(name));
}

}  // namespace

std::string stable_name(const std::string& function) {
    // Names in C have no dots, and neither do the operator names of C++.
    return function.substr(0, function.find('.', 1));
}

FramePointers application_frames(const std::vector<Frame>& frames) {
    FramePointers named;
    for (const Frame& frame : frames) {
        if (!frame.function.empty()) named.push_back(&frame);
    }
    FramePointers own;
    std::ranges::remove_copy_if(named, std::back_inserter(own),
                                [](const Frame* frame) { return is_of_the_system(*frame); });
    FramePointers certain;
    std::ranges::remove_copy_if(own, std::back_inserter(certain), &Frame::guessed);
    if (!certain.empty()) return certain;
    return own.empty() ? named : own;
}

}  // namespace coredepot::decoder::rules_1
