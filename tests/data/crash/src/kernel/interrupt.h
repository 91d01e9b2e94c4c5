// SPDX-License-Identifier: MIT
// Interrupts of the one core. Their one source is a timer, which is started only where a task goes
// round in a loop that changes nothing: every run of the image stays the same run.
#pragma once

#include "kernel/port.h"

#include <stdbool.h>

typedef void (*intr_handler_t)(void *arg);

// Has `handler` called by an interrupt two seconds after the start of the machine.
void interrupt_later(intr_handler_t handler, void *arg);

// Whether an interrupt handler runs, or was running when the panic came.
bool xPortInterruptedFromISRContext(void);

// Called by trap.S: on the stack of the interrupted task, on that of interrupts, and before the
// task goes on.
void rtos_int_enter(RvExcFrame *pxFrame);
void _global_interrupt_handler(RvExcFrame *pxFrame, uint32_t mcause);
RvExcFrame *rtos_int_exit(void);
