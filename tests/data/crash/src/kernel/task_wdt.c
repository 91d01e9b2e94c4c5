// SPDX-License-Identifier: MIT
#include "kernel/task_wdt.h"
#include "panic/panic.h"

#define MAX_ENTRIES 4

bool g_twdt_isr;

static struct {
    TaskHandle_t task;
    bool has_reset;
} entries[MAX_ENTRIES];
static size_t entry_count;

void esp_task_wdt_add(TaskHandle_t task) { entries[entry_count++].task = task; }

void esp_task_wdt_reset(TaskHandle_t task) {
    bool all_reset = true;
    for (size_t i = 0; i < entry_count; i++) {
        entries[i].has_reset |= entries[i].task == task;
        all_reset &= entries[i].has_reset;
    }
    for (size_t i = 0; all_reset && i < entry_count; i++) {
        entries[i].has_reset = false; // the next period begins
    }
}

void esp_task_wdt_print_triggered_tasks(void (*handler)(void *opaque, const char *piece),
                                        void *opaque) {
    handler(opaque, "Task watchdog got triggered. "
                    "The following tasks/users did not reset the watchdog in time:");
    for (size_t i = 0; i < entry_count; i++) {
        if (!entries[i].has_reset) {
            handler(opaque, "\n - ");
            handler(opaque, pcTaskGetName(entries[i].task));
            handler(opaque, " (CPU 0)");
        }
    }
}

// The panic gets the frame of the task that was interrupted, as if that had aborted.
static void task_wdt_timeout_abort(void) {
    g_twdt_isr = true;
    panic_handler((RvExcFrame *)pxTaskCurrentTopOfStack());
}

void task_wdt_isr(void *arg) {
    (void)arg;
    task_wdt_timeout_abort();
}
