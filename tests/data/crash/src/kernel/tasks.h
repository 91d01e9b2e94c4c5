// SPDX-License-Identifier: MIT
// A cooperative kernel of one core. It has no timer: when every task sleeps, the idle task moves
// the clock on to the next one's wake-up, so every run of the image is the same run.
#pragma once

#include "kernel/list.h"
#include "kernel/port.h"

#include <stddef.h>

typedef struct tskTaskControlBlock *TaskHandle_t;

// What a core dump needs to know of a task.
typedef struct {
    void *pxTCB;
    uint32_t ulTCBSize;
    StackType_t *pxTopOfStack;
    StackType_t *pxEndOfStack;
} TaskSnapshot_t;

TaskHandle_t xTaskCreate(TaskFunction_t pxCode, const char *pcName, size_t uxStackBytes,
                         void *pvParameters, UBaseType_t uxPriority);
TaskHandle_t xTaskGetCurrentTaskHandle(void);
const char *pcTaskGetName(TaskHandle_t xTask);
void vTaskDelay(TickType_t xTicks);
void vTaskStepTick(TickType_t xTicks);
void vTaskStartScheduler(void) __attribute__((noreturn));

// Notes where the running task stopped; returns where the next one goes on.
StackType_t *pxTaskSwitchContext(StackType_t *pxTopOfStack);

// Notes where an interrupt stopped the running task, and says it.
void vTaskInterrupted(StackType_t *pxTopOfStack);
StackType_t *pxTaskCurrentTopOfStack(void);

// All tasks, the running one first. Returns how many there are.
size_t uxTaskGetSnapshotAll(TaskSnapshot_t *pxSnapshots, size_t uxCapacity);

void app_main(void);
