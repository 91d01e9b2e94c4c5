#include "decoder/diagnosis/panic_reasons.hpp"

#include <algorithm>
#include <array>

#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {
namespace {

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

}  // namespace

const Reason* find_reason(std::string_view panic_reason) {
    const auto* const found = std::ranges::find_if(
        kReasons, [&](const Reason& one) { return panic_reason.starts_with(one.start); });
    return found == kReasons.end() ? nullptr : found;
}

}  // namespace coredepot::decoder
