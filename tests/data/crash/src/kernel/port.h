// SPDX-License-Identifier: MIT
// The RISC-V side of the kernel.
#pragma once

#include "kernel/list.h"

#include <stddef.h>
#include <stdint.h>

typedef uint8_t StackType_t;
typedef void (*TaskFunction_t)(void *);

// What trap.S saves on the stack of the task it interrupts, word for word ESP-IDF's order. The
// first 32 words are also the registers of a core dump's CORE note.
typedef struct {
    uint32_t mepc, ra, sp, gp, tp, t0, t1, t2, s0, s1;
    uint32_t a0, a1, a2, a3, a4, a5, a6, a7;
    uint32_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
    uint32_t t3, t4, t5, t6;
    uint32_t mstatus, mtvec, mcause, mtval, mhartid;
    uint32_t padding[3]; // the stack stays 16-byte aligned
} RvExcFrame;

_Static_assert(sizeof(RvExcFrame) == 160, "trap.S has the same size");

// Memory that is never given back; zeroed.
void *pvPortMalloc(size_t uxBytes);
StackType_t *pxPortInitialiseStack(StackType_t *pxEndOfStack, TaskFunction_t pxCode,
                                   void *pvParameters);
void vPortYield(void);
void vPortSuppressTicksAndSleep(TickType_t xExpectedIdleTime);
void vPortStartFirstTask(StackType_t *pxTopOfStack) __attribute__((noreturn));
