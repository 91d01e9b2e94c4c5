// SPDX-License-Identifier: MIT
#include "main/fault.h"
#include "panic/panic.h"

// Volatile: its value here is not the one it has in the image that runs.
__attribute__((section(".fault_kind"))) static const volatile uint32_t fault_kind =
    FAULT_NULL_STORE;

void fault_raise(void) {
    enum fault_kind kind = fault_kind;
    switch (kind) {
    case FAULT_NULL_STORE:
        break;
    case FAULT_ILLEGAL_INSTRUCTION:
        __asm__ volatile("unimp");
        break;
    case FAULT_ABORT:
        abort();
    }
}
