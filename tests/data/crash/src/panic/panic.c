// SPDX-License-Identifier: MIT
#include "panic/panic.h"
#include "board/board.h"
#include "board/string.h"

#include <stdbool.h>

static const char *panic_details;

// An illegal instruction on purpose: from here on abort() is a fault like any other.
static void __attribute__((noreturn, noinline)) panic_abort(const char *details) {
    panic_details = details;
    __asm__ volatile("unimp");
    __builtin_unreachable();
}

void esp_system_abort(const char *details) { panic_abort(details); }

void abort(void) {
    char details[] = "abort() was called at PC 0x00000000 on core 0";
    // Any byte of the call serves; ESP-IDF's esp_system_abort() takes this one.
    uint32_t pc = (uint32_t)__builtin_return_address(0) - 3;
    format_hex(details + strlen("abort() was called at PC 0x"), pc, 8);
    esp_system_abort(details);
}

void panic_handler(RvExcFrame *frame) {
    static bool panicking;
    if (panicking) {
        board_exit(EXIT_FAILED); // a fault of the handler itself
    }
    panicking = true;
    coredump_write(frame, panic_details);
    board_exit(EXIT_PASSED);
}
