// SPDX-License-Identifier: MIT
// The task watchdog: looks whether the tasks that it watches had their turn. Names and texts are
// ESP-IDF's; the timer is whoever raises an interrupt with its handler.
#pragma once

#include "kernel/tasks.h"

#include <stdbool.h>

// The panic is the watchdog's, and not of the interrupt handler that it runs in.
extern bool g_twdt_isr;

void esp_task_wdt_add(TaskHandle_t task);
void esp_task_wdt_reset(TaskHandle_t task); // says that `task` had its turn

void task_wdt_isr(void *arg);

// What the watchdog has to say, piece by piece.
void esp_task_wdt_print_triggered_tasks(void (*handler)(void *opaque, const char *piece),
                                        void *opaque);
