// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/port.h"

// Variables that go into the dump as well.
#define COREDUMP_DRAM_ATTR __attribute__((section(".coredump.dram")))

void abort(void) __attribute__((noreturn));
void esp_system_abort(const char *details) __attribute__((noreturn));

// Writes a core dump of all tasks and ends the run. `frame` is on the stack of the crashed task.
void panic_handler(RvExcFrame *frame) __attribute__((noreturn));

// Text that goes into ESP_PANIC_DETAILS, or NULL: a plain exception has none.
void coredump_write(RvExcFrame *frame, const char *details);
