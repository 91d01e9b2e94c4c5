#include "decoder/diagnosis/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/chip.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::string_view kPanic = "panic handler";
constexpr std::string_view kWatchdog = "watchdog";
constexpr std::string_view kInterrupt = "interrupt entry";
constexpr std::string_view kStart = "start of a task";
constexpr std::string_view kFreeRtos = "FreeRTOS";
constexpr std::string_view kC = "C library";
constexpr std::string_view kCpp = "C++ library";
constexpr std::string_view kRust = "Rust library";
constexpr std::string_view kHeap = "heap";
constexpr std::string_view kRom = "mask ROM";
constexpr std::string_view kIdf = "ESP-IDF";
constexpr std::string_view kManaged = "managed component";
constexpr std::string_view kArduino = "Arduino";
constexpr std::string_view kCrate = "crate";
constexpr std::string_view kThirdParty = "library";

struct FunctionName {
    std::string_view name;  ///< whole, or with `*` at its end how it begins
    std::string_view rule;
    Means means = Means::Nothing;
};

/// The system's, wherever their source lies: names that nobody else gives a function.
constexpr std::array kFunctions = {
    FunctionName{"abort", kPanic, Means::Abort},
    FunctionName{"panic_abort", kPanic, Means::Abort},
    FunctionName{"esp_system_abort", kPanic, Means::Abort},
    FunctionName{"esp_restart_noos", kPanic},
    FunctionName{"panic_handler", kPanic},
    FunctionName{"panic_restart", kPanic},
    FunctionName{"panicHandler", kPanic},
    FunctionName{"_panic_handler", kPanic},
    FunctionName{"_xt_panic", kPanic},
    FunctionName{"xt_unhandled_exception", kPanic},
    FunctionName{"__assert", kPanic, Means::Assertion},
    FunctionName{"__assert_func", kPanic, Means::Assertion},
    FunctionName{"__stack_chk_fail", kPanic, Means::StackSmashed},
    FunctionName{"_esp_error_check_failed", kPanic, Means::ErrorCheck},
    FunctionName{"esp_error_check_failed_print", kPanic, Means::ErrorCheck},
    FunctionName{"vApplicationStackOverflowHook", kFreeRtos, Means::StackOverflow},
    FunctionName{"task_wdt_isr", kWatchdog, Means::TaskWatchdog},
    FunctionName{"task_wdt_timeout_handling", kWatchdog, Means::TaskWatchdog},
    FunctionName{"task_wdt_timeout_abort*", kWatchdog, Means::TaskWatchdog},
    FunctionName{"esp_task_wdt_isr_user_handler", kWatchdog, Means::TaskWatchdog},
    FunctionName{"_global_interrupt_handler", kInterrupt},
    FunctionName{"_interrupt_handler", kInterrupt},
    FunctionName{"_tee_interrupt_handler", kInterrupt},
    FunctionName{"shared_intr_isr", kInterrupt},
    FunctionName{"_xt_*", kInterrupt},
    FunctionName{"main_task", kStart},
    FunctionName{"loopTask", kStart},
    FunctionName{"pthread_task_func", kStart},
    FunctionName{"esp_vApplicationIdleHook", kFreeRtos},
    FunctionName{"vPortTaskWrapper", kFreeRtos},
    FunctionName{"vPortYield*", kFreeRtos},
    FunctionName{"vPortEnterCritical*", kFreeRtos},
    FunctionName{"vPortExitCritical*", kFreeRtos},
    FunctionName{"xPortEnterCritical*", kFreeRtos},
    FunctionName{"vTaskDelay*", kFreeRtos},
    FunctionName{"xTaskDelayUntil", kFreeRtos},
    FunctionName{"vTaskSwitchContext", kFreeRtos},
    FunctionName{"prvIdleTask", kFreeRtos},
    FunctionName{"prvTimerTask", kFreeRtos},
    FunctionName{"prvProcessTimerOrBlockTask", kFreeRtos},
    FunctionName{"xQueue*", kFreeRtos},
    FunctionName{"xTaskCreate*", kFreeRtos},
    FunctionName{"xTaskGenericNotify*", kFreeRtos},
    FunctionName{"ulTaskGenericNotify*", kFreeRtos},
    FunctionName{"xEventGroup*", kFreeRtos},
    FunctionName{"xRingbuffer*", kFreeRtos},
    FunctionName{"heap_caps_alloc_failed", kHeap, Means::OutOfMemory},
    FunctionName{"tlsf_*", kHeap, Means::Heap},
    FunctionName{"multi_heap_*", kHeap, Means::Heap},
    FunctionName{"heap_caps_*", kHeap, Means::Heap},
    FunctionName{"remove_free_block", kHeap, Means::Heap},
    FunctionName{"insert_free_block", kHeap, Means::Heap},
    FunctionName{"search_suitable_block", kHeap, Means::Heap},
    FunctionName{"verify_allocated_region", kHeap, Means::Heap},
    FunctionName{"verify_fill_pattern", kHeap, Means::Heap},
    FunctionName{"pvPortMalloc", kHeap},
    FunctionName{"vPortFree", kHeap},
    FunctionName{"malloc", kC},
    FunctionName{"calloc", kC},
    FunctionName{"realloc", kC},
    FunctionName{"free", kC},
    FunctionName{"_malloc_r", kC},
    FunctionName{"_calloc_r", kC},
    FunctionName{"_realloc_r", kC},
    FunctionName{"_free_r", kC},
    FunctionName{"cfree", kC},
    FunctionName{"memcpy", kC},
    FunctionName{"memmove", kC},
    FunctionName{"memset", kC},
    FunctionName{"memcmp", kC},
    FunctionName{"memchr", kC},
    FunctionName{"strlen", kC},
    FunctionName{"strnlen", kC},
    FunctionName{"strcpy", kC},
    FunctionName{"strncpy", kC},
    FunctionName{"strlcpy", kC},
    FunctionName{"strcat", kC},
    FunctionName{"strncat", kC},
    FunctionName{"strcmp", kC},
    FunctionName{"strncmp", kC},
    FunctionName{"strcasecmp", kC},
    FunctionName{"strchr", kC},
    FunctionName{"strrchr", kC},
    FunctionName{"strstr", kC},
    FunctionName{"strdup", kC},
    FunctionName{"strtok_r", kC},
    FunctionName{"strtol", kC},
    FunctionName{"strtoul", kC},
    FunctionName{"printf", kC},
    FunctionName{"fprintf", kC},
    FunctionName{"snprintf", kC},
    FunctionName{"vsnprintf", kC},
    FunctionName{"_vfprintf_r", kC},
    FunctionName{"_svfprintf_r", kC},
    FunctionName{"qsort", kC},
    FunctionName{"bsearch", kC},
    FunctionName{"__errno", kC},
    FunctionName{"operator new*", kCpp, Means::OutOfMemory},
    FunctionName{"operator delete*", kCpp},
    FunctionName{"std::__throw_bad_alloc", kCpp, Means::OutOfMemory},
    FunctionName{"std::__throw_bad_array_new_length", kCpp, Means::OutOfMemory},
    FunctionName{"std::__throw_*", kCpp, Means::Exception},
    FunctionName{"__cxa_throw_bad_array_*", kCpp, Means::OutOfMemory},
    FunctionName{"__cxa_throw", kCpp, Means::Exception},
    FunctionName{"__cxa_rethrow", kCpp, Means::Exception},
    FunctionName{"std::terminate", kCpp, Means::Abort},
    FunctionName{"__cxxabiv1::__terminate", kCpp, Means::Abort},
    FunctionName{"__cxa_pure_virtual", kCpp, Means::Abort},
    FunctionName{"__cxxabiv1::*", kCpp},
    FunctionName{"__cxa_*", kCpp},
    FunctionName{"__gnu_cxx::*", kCpp},
    FunctionName{"alloc::alloc::handle_alloc_error*", kRust, Means::OutOfMemory},
    FunctionName{"alloc::raw_vec::handle_error", kRust, Means::OutOfMemory},
    FunctionName{"__rust_alloc_error_handler", kRust, Means::OutOfMemory},
    FunctionName{"rust_oom", kRust, Means::OutOfMemory},
    FunctionName{"__rdl_oom", kRust, Means::OutOfMemory},
    FunctionName{"core::panicking::*", kRust, Means::RustPanic},
    FunctionName{"std::panicking::try*", kRust},
    FunctionName{"std::panicking::catch_unwind*", kRust},
    FunctionName{"std::panicking::*", kRust, Means::RustPanic},
    FunctionName{"core::option::expect_failed", kRust, Means::RustPanic},
    FunctionName{"core::option::unwrap_failed", kRust, Means::RustPanic},
    FunctionName{"core::result::unwrap_failed", kRust, Means::RustPanic},
    FunctionName{"core::cell::panic_already_*", kRust, Means::RustPanic},
    FunctionName{"core::slice::index::slice_*", kRust, Means::RustPanic},
    FunctionName{"rust_begin_unwind", kRust, Means::RustPanic},
    FunctionName{"rust_panic*", kRust, Means::RustPanic},
    FunctionName{"__rustc::rust_begin_unwind", kRust, Means::RustPanic},
    FunctionName{"__rustc::*", kRust},
    FunctionName{"esp_backtrace::*", kPanic},
    FunctionName{"ExceptionHandler", kPanic},
    FunctionName{"__rust_*", kRust},
    FunctionName{"std::sys::*", kRust},
    FunctionName{"std::rt::*", kRust},
    FunctionName{"core::*", kRust},
    FunctionName{"alloc::*", kRust},
    FunctionName{"compiler_builtins::*", kRust},
    FunctionName{"<core::*", kRust},
    FunctionName{"<alloc::*", kRust},
    FunctionName{"<std::*", kRust},
    FunctionName{"<&*", kRust},  // `<&T as core::fmt::Display>::fmt`: of all types
    FunctionName{"std::*", kCpp},
};

struct FilePath {
    std::string_view part;  ///< of its path, with slashes
    Part whose;
    std::string_view rule;
    Means means = Means::Nothing;
};

/// ESP-IDF's folders are called the same in the copies that PlatformIO and Arduino bring.
constexpr std::array kPaths = {
    FilePath{"/managed_components/", Part::Library, kManaged},
    FilePath{"/.pio/libdeps/", Part::Library, kThirdParty},
    FilePath{"/Arduino/libraries/", Part::Library, kArduino},
    FilePath{"/framework-arduinoespressif32/", Part::Library, kArduino},
    FilePath{"/arduino-esp32/", Part::Library, kArduino},
    FilePath{"/cores/esp32/", Part::Library, kArduino},
    FilePath{"/packages/esp32/hardware/", Part::Library, kArduino},
    FilePath{"/rustc/", Part::System, kRust},
    FilePath{"/rustlib/src/", Part::System, kRust},
    FilePath{"/cargo/registry/", Part::Library, kCrate},
    FilePath{"/cargo/git/", Part::Library, kCrate},
    FilePath{"/.cargo/registry/", Part::Library, kCrate},
    FilePath{"/.cargo/git/", Part::Library, kCrate},
    FilePath{"/include/c++/", Part::System, kCpp},
    FilePath{"/libstdc++-v3/", Part::System, kCpp},
    FilePath{"/components/cxx/", Part::System, kCpp},
    FilePath{"/libgcc/", Part::System, kC},
    FilePath{"/newlib/", Part::System, kC},
    FilePath{"/esp_libc/", Part::System, kC},  // what ESP-IDF 6 calls it
    FilePath{"/picolibc/", Part::System, kC},
    FilePath{"/freertos/", Part::System, kFreeRtos},
    FilePath{"/components/heap/", Part::System, kHeap, Means::Heap},
    FilePath{"/components/esp_system/", Part::System, kPanic},
    FilePath{"/esp_system/panic.c", Part::System, kPanic},
    FilePath{"/esp_system/port/", Part::System, kPanic},
    FilePath{"/esp_system/esp_err", Part::System, kPanic},
    FilePath{"/espcoredump/", Part::System, kPanic},
    FilePath{"/components/riscv/", Part::System, kInterrupt},
    FilePath{"/components/xtensa/", Part::System, kInterrupt},
    FilePath{"/intr_alloc.c", Part::System, kInterrupt},
    FilePath{"/components/pthread/", Part::System, kStart},
    FilePath{"/components/esp_rom/", Part::System, kRom},
    FilePath{"/mbedtls/", Part::Library, "mbedTLS"},
    FilePath{"/lwip/", Part::Library, "lwIP"},
    FilePath{"/lvgl/", Part::Library, "LVGL"},
    FilePath{"/lvgl__lvgl/", Part::Library, "LVGL"},
    FilePath{"/esp-idf/components/", Part::Library, kIdf},
    FilePath{"/framework-espidf/components/", Part::Library, kIdf},
    FilePath{"/idf/components/", Part::Library, kIdf},
    FilePath{"/IDF/components/", Part::Library, kIdf},
};

/// Of libraries that come without debug information, by how their functions begin.
constexpr std::array<std::string_view, 15> kClosed = {
    "esp_wifi_", "ieee80211_", "wifi_", "ppTask", "ppProc", "ppRecycle", "lmac", "wdev",
    "phy_",      "esp_phy_",   "r_rw_", "r_ke_",  "r_ll",   "btdm_",     "coex_"};

constexpr std::array kReasons = {
    Reason{"assert failed", kinds::kAssertion, " (", ")"},  // : func file.c:12 (x != NULL)
    Reason{"assertion \"", kinds::kAssertion, "assertion \"", "\" failed"},  // before ESP-IDF 4.4
    Reason{"***ERROR*** A stack overflow", kinds::kStackOverflow, "in task ", " has been"},
    Reason{"Stack canary watchpoint triggered", kinds::kStackOverflow, "(", ")"},
    Reason{"Stack protection fault", kinds::kStackOverflow},
    Reason{"Stack smashing protect failure", kinds::kStackSmashed},
    Reason{"Task watchdog got triggered", kinds::kTaskWatchdog},
    Reason{"Interrupt wdt timeout", kinds::kInterruptWatchdog},
    Reason{"ESP_ERROR_CHECK failed", kinds::kErrorCheck, "expression: ", ""},
    Reason{"Memory allocation failed", kinds::kOutOfMemory},
    Reason{"Mem alloc fail", kinds::kOutOfMemory},
    Reason{"memory allocation of ", kinds::kOutOfMemory},  // Rust
    Reason{"CORRUPT HEAP", kinds::kHeapCorrupt},
    Reason{"abort() was called", kinds::kAbort},
    Reason{"panicked at", kinds::kRustPanic},
    Reason{"Stack overflow detected at", kinds::kStackOverflow},           // Rust's esp-hal
    Reason{"Detected a write to the stack guard", kinds::kStackOverflow},  // likewise
};

bool matches(std::string_view name, std::string_view pattern) {
    if (!pattern.ends_with('*')) return name == pattern;
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

std::string_view base_name(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// `xTaskCreate`, `prvIdleTask`, `vQueueDelete`, `pvTaskGetThreadLocalStoragePointer`: FreeRTOS
/// names its functions by what they return, and then by their module. Users like that too, so the
/// file has to be one of its own, or not known.
bool is_of_freertos(std::string_view name, std::string_view file) {
    constexpr std::array<std::string_view, 8> kSources = {
        "",       "tasks.c", "queue.c",        "timers.c",
        "list.c", "port.c",  "event_groups.c", "stream_buffer.c"};
    constexpr std::array<std::string_view, 9> kReturns = {"prv", "ux", "ul", "pv", "pc",
                                                          "pd",  "v",  "x",  "e"};
    constexpr std::array<std::string_view, 9> kModules = {"Task",         "Queue",      "Port",
                                                          "Semaphore",    "EventGroup", "Timer",
                                                          "StreamBuffer", "List",       "Idle"};
    if (std::ranges::find(kSources, base_name(file)) == kSources.end()) return false;
    return std::ranges::any_of(kReturns, [&](auto returned) {
        return name.starts_with(returned) && std::ranges::any_of(kModules, [&](auto module) {
                   return name.substr(returned.size()).starts_with(module);
               });
    });
}

/// Namespaces that an application may have as well: Rust's only where no file says otherwise.
bool is_common(std::string_view pattern) {
    return pattern == "core::*" || pattern == "alloc::*";
}

const FunctionName* find_function(std::string_view name, std::string_view file) {
    const auto* const found = std::ranges::find_if(kFunctions, [&](const FunctionName& one) {
        return matches(name, one.name) && (file.empty() || !is_common(one.name));
    });
    return found == kFunctions.end() ? nullptr : found;
}

std::string with_slashes(std::string path) {
    std::ranges::replace(path, '\\', '/');
    return path;
}

const FilePath* find_path(std::string_view file) {
    const auto* const found = std::ranges::find_if(
        kPaths, [&](const FilePath& one) { return file.find(one.part) != std::string_view::npos; });
    return found == kPaths.end() ? nullptr : found;
}

}  // namespace

Vocabulary::Vocabulary(const Report& report) {
    for (const Task& task : report.tasks) {
        for (const Frame& frame : task.frames) {
            const auto file = with_slashes(frame.file);
            for (const std::string_view folder :
                 {"/components/freertos/", "/components/esp_system/"}) {
                if (const auto at = file.find(folder); at != std::string::npos) {
                    idf_ = file.substr(0, at) + "/components/";
                    return;
                }
            }
        }
    }
}

Meaning Vocabulary::meaning_of(const Frame& frame) const {
    const auto file = with_slashes(frame.file);
    const auto name = stable_name(frame.function);
    const auto* const function = find_function(name, file);
    if (function != nullptr) return {Part::System, function->rule, function->means};
    // Where most chips have their mask ROM, the P4 and the S31 have flash; but only the
    // application's own code has lines.
    if (file.empty() && in_mask_rom(frame.pc)) return {Part::System, kRom};
    if (const auto* const path = find_path(file)) return {path->whose, path->rule, path->means};
    if (keeps_the_heap(name, base_name(file))) return {Part::System, kHeap, Means::Heap};
    if (is_of_freertos(name, file)) return {Part::System, kFreeRtos};
    if (!idf_.empty() && file.starts_with(idf_)) return {Part::Library, kIdf};
    const auto starts = [&](auto prefix) { return name.starts_with(prefix); };
    if (file.empty() && std::ranges::any_of(kClosed, starts)) return {Part::Library, kIdf};
    return {};
}

std::size_t Vocabulary::frames_of_panic(const std::vector<Frame>& frames) const {
    for (std::size_t i = frames.size(); i-- > 0;) {
        const auto means = meaning_of(frames[i]).means;
        // What calls the handler of the watchdog's interrupt goes on.
        if (is_panic(means) && means != Means::TaskWatchdog) return i + 1;
    }
    return 0;
}

const Reason* find_reason(std::string_view panic_reason) {
    const auto* const found = std::ranges::find_if(
        kReasons, [&](const Reason& one) { return panic_reason.starts_with(one.start); });
    return found == kReasons.end() ? nullptr : found;
}

bool keeps_the_heap(std::string_view function, std::string_view file) {
    const auto* const known = find_function(function, {});
    return (known != nullptr && known->means == Means::Heap) || file.starts_with("tlsf") ||
           file.starts_with("multi_heap") || file.starts_with("heap_caps") ||
           file.starts_with("heap_tlsf");
}

bool is_panic_of_software(const Task& task) {
    return !task.frames.empty() && task.frames.front().function == "panic_abort";
}

bool is_interrupt_entry(std::string_view function) {
    constexpr std::array<std::string_view, 4> kEntries = {
        "_xt_lowint*", "_xt_medint*", "_interrupt_handler", "_tee_interrupt_handler"};
    return std::ranges::any_of(kEntries, [&](auto entry) { return matches(function, entry); });
}

bool is_panic(Means means) {
    return means < Means::Heap && means != Means::OutOfMemory && means != Means::Exception;
}

std::string_view kind_of(Means means) {
    switch (means) {
        case Means::ErrorCheck:
            return kinds::kErrorCheck;
        case Means::Assertion:
            return kinds::kAssertion;
        case Means::StackSmashed:
            return kinds::kStackSmashed;
        case Means::StackOverflow:
            return kinds::kStackOverflow;
        case Means::TaskWatchdog:
            return kinds::kTaskWatchdog;
        case Means::OutOfMemory:
            return kinds::kOutOfMemory;
        case Means::RustPanic:
            return kinds::kRustPanic;
        case Means::Exception:
            return kinds::kException;
        case Means::Abort:
            return kinds::kAbort;
        default:
            return {};
    }
}

bool is_idle(std::string_view task) {
    return task == "IDLE" ||
           (task.starts_with("IDLE") && task.size() == 5 && is_digit(task.back()));
}

}  // namespace coredepot::decoder
