// SPDX-License-Identifier: MIT
#include "kernel/port.h"
#include "board/string.h"
#include "kernel/tasks.h"
#include "panic/panic.h"

#define HEAP_BYTES 16384
#define MSTATUS_MPP_MACHINE 0x1800u
#define MSTATUS_MPIE 0x80u // tasks run with interrupts enabled
#define MCAUSE_ECALL_FROM_MACHINE 11u

void *pvPortMalloc(size_t uxBytes) {
    static uint8_t ucHeap[HEAP_BYTES] __attribute__((aligned(16)));
    static size_t uxUsed;
    void *pvBlock = &ucHeap[uxUsed];
    uxUsed += (uxBytes + 15) & ~(size_t)15;
    if (uxUsed > sizeof ucHeap) {
        abort();
    }
    return pvBlock;
}

// The outermost frame of every task: a walk ends where `ra` is undefined.
static void vPortTaskWrapper(TaskFunction_t pxCode, void *pvParameters) {
    __asm__ volatile(".cfi_undefined ra");
    pxCode(pvParameters);
    abort();
}

// As in ESP-IDF's port the frame of a task that never ran has no sp: trap.S leaves by adding the
// size of the frame to where it stands.
StackType_t *pxPortInitialiseStack(StackType_t *pxEndOfStack, TaskFunction_t pxCode,
                                   void *pvParameters) {
    uint32_t gp;
    __asm__("mv %0, gp" : "=r"(gp));
    RvExcFrame *pxFrame = (RvExcFrame *)pxEndOfStack - 1;
    memset(pxFrame, 0, sizeof *pxFrame);
    pxFrame->mepc = (uint32_t)vPortTaskWrapper;
    pxFrame->gp = gp;
    pxFrame->a0 = (uint32_t)pxCode;
    pxFrame->a1 = (uint32_t)pvParameters;
    pxFrame->mstatus = MSTATUS_MPP_MACHINE | MSTATUS_MPIE;
    return (StackType_t *)pxFrame;
}

void vPortYield(void) { __asm__ volatile("ecall" ::: "memory"); }

void vPortSuppressTicksAndSleep(TickType_t xExpectedIdleTime) {
    vTaskStepTick(xExpectedIdleTime);
    vPortYield();
}

// Called by trap.S for an exception; returns the frame to go on with.
RvExcFrame *pxPortHandleTrap(RvExcFrame *pxFrame) {
    if (pxFrame->mcause != MCAUSE_ECALL_FROM_MACHINE) {
        panic_handler(pxFrame);
    }
    pxFrame->mepc += 4; // go on behind the ecall
    return (RvExcFrame *)pxTaskSwitchContext((StackType_t *)pxFrame);
}
