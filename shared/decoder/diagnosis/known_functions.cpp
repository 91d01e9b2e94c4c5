#include "decoder/diagnosis/known_functions.hpp"

#include <algorithm>
#include <array>

#include "decoder/diagnosis/known_files.hpp"
#include "decoder/diagnosis/rust_impl.hpp"

namespace coredepot::decoder {
namespace {

/// Functions of the system, wherever their source is: nobody else uses these names.
constexpr std::array kFunctions = {
    KnownFunction{"abort", rules::kPanic, Means::Abort},
    KnownFunction{"panic_abort", rules::kPanic, Means::Abort},
    KnownFunction{"esp_system_abort", rules::kPanic, Means::Abort},
    KnownFunction{"esp_restart_noos", rules::kPanic},
    KnownFunction{"panic_handler", rules::kPanic},
    KnownFunction{"panic_restart", rules::kPanic},
    KnownFunction{"panicHandler", rules::kPanic},
    KnownFunction{"_panic_handler", rules::kPanic},
    KnownFunction{"_xt_panic", rules::kPanic},
    KnownFunction{"xt_unhandled_exception", rules::kPanic},
    KnownFunction{"__assert", rules::kPanic, Means::Assertion},
    KnownFunction{"__assert_func", rules::kPanic, Means::Assertion},
    KnownFunction{"__stack_chk_fail", rules::kPanic, Means::StackSmashed},
    KnownFunction{"_esp_error_check_failed", rules::kPanic, Means::ErrorCheck},
    KnownFunction{"esp_error_check_failed_print", rules::kPanic, Means::ErrorCheck},
    KnownFunction{"vApplicationStackOverflowHook", rules::kFreeRtos, Means::StackOverflow},
    KnownFunction{"task_wdt_isr", rules::kWatchdog, Means::TaskWatchdog},
    KnownFunction{"task_wdt_timeout_handling", rules::kWatchdog, Means::TaskWatchdog},
    KnownFunction{"task_wdt_timeout_abort*", rules::kWatchdog, Means::TaskWatchdog},
    KnownFunction{"esp_task_wdt_isr_user_handler", rules::kWatchdog, Means::TaskWatchdog},
    KnownFunction{"_global_interrupt_handler", rules::kInterrupt},
    KnownFunction{"_interrupt_handler", rules::kInterrupt},
    KnownFunction{"_tee_interrupt_handler", rules::kInterrupt},
    KnownFunction{"shared_intr_isr", rules::kInterrupt},
    KnownFunction{"_xt_*", rules::kInterrupt},
    KnownFunction{"main_task", rules::kStart},
    KnownFunction{"loopTask", rules::kStart},
    KnownFunction{"pthread_task_func", rules::kStart},
    KnownFunction{"esp_vApplicationIdleHook", rules::kFreeRtos},
    KnownFunction{"vPortTaskWrapper", rules::kFreeRtos},
    KnownFunction{"vPortYield*", rules::kFreeRtos},
    KnownFunction{"vPortEnterCritical*", rules::kFreeRtos},
    KnownFunction{"vPortExitCritical*", rules::kFreeRtos},
    KnownFunction{"xPortEnterCritical*", rules::kFreeRtos},
    KnownFunction{"vTaskDelay*", rules::kFreeRtos},
    KnownFunction{"xTaskDelayUntil", rules::kFreeRtos},
    KnownFunction{"vTaskSwitchContext", rules::kFreeRtos},
    KnownFunction{"prvIdleTask", rules::kFreeRtos},
    KnownFunction{"prvTimerTask", rules::kFreeRtos},
    KnownFunction{"prvProcessTimerOrBlockTask", rules::kFreeRtos},
    KnownFunction{"xQueue*", rules::kFreeRtos},
    KnownFunction{"xTaskCreate*", rules::kFreeRtos},
    KnownFunction{"xTaskGenericNotify*", rules::kFreeRtos},
    KnownFunction{"ulTaskGenericNotify*", rules::kFreeRtos},
    KnownFunction{"xEventGroup*", rules::kFreeRtos},
    KnownFunction{"xRingbuffer*", rules::kFreeRtos},
    KnownFunction{"heap_caps_alloc_failed", rules::kHeap, Means::OutOfMemory},
    KnownFunction{"tlsf_*", rules::kHeap, Means::Heap},
    KnownFunction{"multi_heap_*", rules::kHeap, Means::Heap},
    KnownFunction{"heap_caps_*", rules::kHeap, Means::Heap},
    KnownFunction{"remove_free_block", rules::kHeap, Means::Heap},
    KnownFunction{"insert_free_block", rules::kHeap, Means::Heap},
    KnownFunction{"search_suitable_block", rules::kHeap, Means::Heap},
    KnownFunction{"verify_allocated_region", rules::kHeap, Means::Heap},
    KnownFunction{"verify_fill_pattern", rules::kHeap, Means::Heap},
    KnownFunction{"pvPortMalloc", rules::kHeap},
    KnownFunction{"vPortFree", rules::kHeap},
    KnownFunction{"malloc", rules::kC},
    KnownFunction{"calloc", rules::kC},
    KnownFunction{"realloc", rules::kC},
    KnownFunction{"free", rules::kC},
    KnownFunction{"_malloc_r", rules::kC},
    KnownFunction{"_calloc_r", rules::kC},
    KnownFunction{"_realloc_r", rules::kC},
    KnownFunction{"_free_r", rules::kC},
    KnownFunction{"cfree", rules::kC},
    KnownFunction{"memcpy", rules::kC},
    KnownFunction{"memmove", rules::kC},
    KnownFunction{"memset", rules::kC},
    KnownFunction{"memcmp", rules::kC},
    KnownFunction{"memchr", rules::kC},
    KnownFunction{"strlen", rules::kC},
    KnownFunction{"strnlen", rules::kC},
    KnownFunction{"strcpy", rules::kC},
    KnownFunction{"strncpy", rules::kC},
    KnownFunction{"strlcpy", rules::kC},
    KnownFunction{"strcat", rules::kC},
    KnownFunction{"strncat", rules::kC},
    KnownFunction{"strcmp", rules::kC},
    KnownFunction{"strncmp", rules::kC},
    KnownFunction{"strcasecmp", rules::kC},
    KnownFunction{"strchr", rules::kC},
    KnownFunction{"strrchr", rules::kC},
    KnownFunction{"strstr", rules::kC},
    KnownFunction{"strdup", rules::kC},
    KnownFunction{"strtok_r", rules::kC},
    KnownFunction{"strtol", rules::kC},
    KnownFunction{"strtoul", rules::kC},
    KnownFunction{"printf", rules::kC},
    KnownFunction{"fprintf", rules::kC},
    KnownFunction{"snprintf", rules::kC},
    KnownFunction{"vsnprintf", rules::kC},
    KnownFunction{"_vfprintf_r", rules::kC},
    KnownFunction{"_svfprintf_r", rules::kC},
    KnownFunction{"qsort", rules::kC},
    KnownFunction{"bsearch", rules::kC},
    KnownFunction{"__errno", rules::kC},
    KnownFunction{"operator new*", rules::kCpp, Means::OutOfMemory},
    KnownFunction{"operator delete*", rules::kCpp},
    KnownFunction{"std::__throw_bad_alloc", rules::kCpp, Means::OutOfMemory},
    KnownFunction{"std::__throw_bad_array_new_length", rules::kCpp, Means::OutOfMemory},
    KnownFunction{"std::__throw_*", rules::kCpp, Means::Exception},
    KnownFunction{"__cxa_throw_bad_array_*", rules::kCpp, Means::OutOfMemory},
    KnownFunction{"__cxa_throw", rules::kCpp, Means::Exception},
    KnownFunction{"__cxa_rethrow", rules::kCpp, Means::Exception},
    KnownFunction{"std::terminate", rules::kCpp, Means::Abort},
    KnownFunction{"__cxxabiv1::__terminate", rules::kCpp, Means::Abort},
    KnownFunction{"__cxa_pure_virtual", rules::kCpp, Means::Abort},
    KnownFunction{"__cxxabiv1::*", rules::kCpp},
    KnownFunction{"__cxa_*", rules::kCpp},
    KnownFunction{"__gnu_cxx::*", rules::kCpp},
    KnownFunction{"alloc::alloc::handle_alloc_error*", rules::kRust, Means::OutOfMemory},
    KnownFunction{"alloc::raw_vec::handle_error", rules::kRust, Means::OutOfMemory},
    KnownFunction{"__rust_alloc_error_handler", rules::kRust, Means::OutOfMemory},
    KnownFunction{"rust_oom", rules::kRust, Means::OutOfMemory},
    KnownFunction{"__rdl_oom", rules::kRust, Means::OutOfMemory},
    KnownFunction{"core::panicking::*", rules::kRust, Means::RustPanic},
    KnownFunction{"std::panicking::try*", rules::kRust},
    KnownFunction{"std::panicking::catch_unwind*", rules::kRust},
    KnownFunction{"std::panicking::*", rules::kRust, Means::RustPanic},
    KnownFunction{"core::option::expect_failed", rules::kRust, Means::RustPanic},
    KnownFunction{"core::option::unwrap_failed", rules::kRust, Means::RustPanic},
    KnownFunction{"core::result::unwrap_failed", rules::kRust, Means::RustPanic},
    KnownFunction{"core::cell::panic_already_*", rules::kRust, Means::RustPanic},
    KnownFunction{"core::slice::index::slice_*", rules::kRust, Means::RustPanic},
    KnownFunction{"rust_begin_unwind", rules::kRust, Means::RustPanic},
    KnownFunction{"rust_panic*", rules::kRust, Means::RustPanic},
    KnownFunction{"__rustc::rust_begin_unwind", rules::kRust, Means::RustPanic},
    KnownFunction{"__rustc::*", rules::kRust},
    KnownFunction{"esp_backtrace::*", rules::kPanic},
    KnownFunction{"ExceptionHandler", rules::kPanic},
    KnownFunction{"__rust_*", rules::kRust},
    KnownFunction{"std::sys::*", rules::kRust},
    KnownFunction{"std::rt::*", rules::kRust},
    KnownFunction{"core::*", rules::kRust},
    KnownFunction{"alloc::*", rules::kRust},
    KnownFunction{"compiler_builtins::*", rules::kRust},
    KnownFunction{"std::*", rules::kCpp},
};

/// Libraries without debug information, by the start of their functions' names.
constexpr std::array<std::string_view, 15> kClosed = {
    "esp_wifi_", "ieee80211_", "wifi_", "ppTask", "ppProc", "ppRecycle", "lmac", "wdev",
    "phy_",      "esp_phy_",   "r_rw_", "r_ke_",  "r_ll",   "btdm_",     "coex_"};

bool matches(std::string_view name, std::string_view pattern) {
    if (!pattern.ends_with('*')) return name == pattern;
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// Namespaces that applications use as well. They count as Rust's only if no file says otherwise.
bool is_common(std::string_view pattern) {
    return pattern == "core::*" || pattern == "alloc::*";
}

}  // namespace

const KnownFunction* find_function(std::string_view name, std::string_view file) {
    static constexpr KnownFunction kOfRust{"<*", rules::kRust};
    if (is_of_rust_library(name)) return &kOfRust;
    const auto* const found = std::ranges::find_if(kFunctions, [&](const KnownFunction& one) {
        return matches(name, one.name) && (file.empty() || !is_common(one.name));
    });
    return found == kFunctions.end() ? nullptr : found;
}

/// `xTaskCreate`, `prvIdleTask`, `vQueueDelete`, `pvTaskGetThreadLocalStoragePointer`: FreeRTOS
/// starts its functions' names with the type that they return, followed by their module.
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

bool is_of_closed_library(std::string_view name) {
    return std::ranges::any_of(kClosed, [name](auto prefix) { return name.starts_with(prefix); });
}

bool is_interrupt_entry(std::string_view function) {
    constexpr std::array<std::string_view, 4> kEntries = {
        "_xt_lowint*", "_xt_medint*", "_interrupt_handler", "_tee_interrupt_handler"};
    return std::ranges::any_of(kEntries, [&](auto entry) { return matches(function, entry); });
}

}  // namespace coredepot::decoder
