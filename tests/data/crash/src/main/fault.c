// SPDX-License-Identifier: MIT
#include "main/fault.h"
#include "kernel/interrupt.h"
#include "kernel/task_wdt.h"
#include "main/mains.h"
#include "panic/assert.h"
#include "panic/panic.h"

// Volatile: its value here is not the one it has in the image that runs.
__attribute__((section(".fault_kind"))) static const volatile uint32_t fault_kind =
    FAULT_NULL_STORE;

static volatile uint32_t crossings; // taken, so that no call is the last thing that is done

enum fault_kind fault_wanted(void) { return fault_kind; }

void fault_raise(const void *relay) {
    switch (fault_wanted()) {
    case FAULT_NULL_STORE:
    case FAULT_STACK_OVERFLOW:
        break;
    case FAULT_ILLEGAL_INSTRUCTION:
        __asm__ volatile("unimp");
        break;
    case FAULT_ABORT:
        abort();
    case FAULT_ASSERT:
        assert(relay != NULL);
        break;
    case FAULT_TASK_WATCHDOG:
        interrupt_later(task_wdt_isr, NULL);
        crossings = mains_wait_for_crossing();
        break;
    case FAULT_INTERRUPT:
        mains_listen(NULL);
        crossings = mains_wait_for_crossing();
    }
}
