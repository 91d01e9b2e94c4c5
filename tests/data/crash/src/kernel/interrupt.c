// SPDX-License-Identifier: MIT
#include "kernel/interrupt.h"
#include "board/board.h"
#include "kernel/tasks.h"

static uint32_t port_uxInterruptNesting;
static RvExcFrame *interrupted;

static struct {
    intr_handler_t handler;
    void *arg;
} s_intr_handler;

void interrupt_later(intr_handler_t handler, void *arg) {
    s_intr_handler.handler = handler;
    s_intr_handler.arg = arg;
    board_start_timer();
}

bool xPortInterruptedFromISRContext(void) { return port_uxInterruptNesting != 0; }

void rtos_int_enter(RvExcFrame *pxFrame) {
    port_uxInterruptNesting++;
    interrupted = pxFrame;
    vTaskInterrupted((StackType_t *)pxFrame);
}

void _global_interrupt_handler(RvExcFrame *pxFrame, uint32_t mcause) {
    (void)pxFrame;
    (void)mcause;
    board_stop_timer();
    s_intr_handler.handler(s_intr_handler.arg);
}

RvExcFrame *rtos_int_exit(void) {
    port_uxInterruptNesting--;
    return interrupted;
}
