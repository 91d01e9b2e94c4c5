// SPDX-License-Identifier: MIT
// Decoders take the member offsets of tskTaskControlBlock from the debug information of a file
// with this name, as FreeRTOS has it.
#include "kernel/tasks.h"
#include "board/string.h"
#include "kernel/task_wdt.h"
#include "panic/panic.h"
#include "sdkconfig.h"

#define configMAX_PRIORITIES 8
#define tskIDLE_PRIORITY 0
#define tskMAIN_PRIORITY 1
#define tskSTACK_FILL_BYTE 0xa5
#define tskSTACK_CANARY_BYTES 16

typedef struct tskTaskControlBlock {
    StackType_t *pxTopOfStack; // of a task that does not run: its RvExcFrame
    ListItem_t xStateListItem;
    ListItem_t xEventListItem;
    UBaseType_t uxPriority;
    StackType_t *pxStack;
    char pcTaskName[CONFIG_FREERTOS_MAX_TASK_NAME_LEN];
    BaseType_t xCoreID;
    StackType_t *pxEndOfStack;
    UBaseType_t uxBasePriority;
    UBaseType_t uxMutexesHeld;
    uint32_t ulNotifiedValue[1];
    uint8_t ucNotifyState[1];
} tskTCB;

typedef tskTCB TCB_t;

TCB_t *pxCurrentTCB;
static List_t pxReadyTasksLists[configMAX_PRIORITIES];
static List_t xDelayedTaskList;
static TickType_t xTickCount;

TaskHandle_t xTaskCreate(TaskFunction_t pxCode, const char *pcName, size_t uxStackBytes,
                         void *pvParameters, UBaseType_t uxPriority) {
    StackType_t *pxStack = pvPortMalloc(uxStackBytes);
    TCB_t *pxTCB = pvPortMalloc(sizeof(TCB_t));
    memset(pxStack, tskSTACK_FILL_BYTE, uxStackBytes);

    pxTCB->pxStack = pxStack;
    pxTCB->pxEndOfStack = pxStack + uxStackBytes;
    pxTCB->pxTopOfStack = pxPortInitialiseStack(pxTCB->pxEndOfStack, pxCode, pvParameters);
    for (size_t i = 0; i + 1 < sizeof pxTCB->pcTaskName && pcName[i] != '\0'; i++) {
        pxTCB->pcTaskName[i] = pcName[i];
    }
    pxTCB->uxPriority = uxPriority;
    pxTCB->uxBasePriority = uxPriority;
    pxTCB->xStateListItem.pvOwner = pxTCB;
    pxTCB->xEventListItem.pvOwner = pxTCB;
    pxTCB->xEventListItem.xItemValue = configMAX_PRIORITIES - uxPriority;
    vListInsertEnd(&pxReadyTasksLists[uxPriority], &pxTCB->xStateListItem);
    return pxTCB;
}

TaskHandle_t xTaskGetCurrentTaskHandle(void) { return pxCurrentTCB; }

const char *pcTaskGetName(TaskHandle_t xTask) { return xTask->pcTaskName; }

void vTaskDelay(TickType_t xTicks) {
    ListItem_t *pxItem = &pxCurrentTCB->xStateListItem;
    vListRemove(pxItem);
    pxItem->xItemValue = xTickCount + xTicks;
    vListInsertSorted(&xDelayedTaskList, pxItem);
    vPortYield();
}

void vTaskStepTick(TickType_t xTicks) {
    xTickCount += xTicks;
    ListItem_t *pxItem;
    while ((pxItem = xDelayedTaskList.xListEnd.pxNext)->xItemValue <= xTickCount) {
        TCB_t *pxTCB = pxItem->pvOwner;
        vListRemove(pxItem);
        vListInsertEnd(&pxReadyTasksLists[pxTCB->uxPriority], pxItem);
    }
}

// The first ready task of the highest priority goes next, and to the end of its queue.
static void prvSelectTask(void) {
    UBaseType_t uxPriority = configMAX_PRIORITIES - 1;
    while (pxReadyTasksLists[uxPriority].uxNumberOfItems == 0) {
        uxPriority--;
    }
    ListItem_t *pxItem = pxReadyTasksLists[uxPriority].xListEnd.pxNext;
    vListRemove(pxItem);
    vListInsertEnd(&pxReadyTasksLists[uxPriority], pxItem);
    pxCurrentTCB = pxItem->pvOwner;
}

static void vApplicationStackOverflowHook(TaskHandle_t xTask, const char *pcTaskName) {
    static const char before[] = "***ERROR*** A stack overflow in task ";
    static const char after[] = " has been detected.";
    char details[sizeof before + sizeof after + sizeof xTask->pcTaskName];
    size_t length = strlen(pcTaskName);
    memcpy(details, before, sizeof before);
    memcpy(details + sizeof before - 1, pcTaskName, length);
    memcpy(details + sizeof before - 1 + length, after, sizeof after);
    esp_system_abort(details);
}

static void taskCHECK_FOR_STACK_OVERFLOW(void) {
    for (size_t i = 0; i < tskSTACK_CANARY_BYTES; i++) {
        if (pxCurrentTCB->pxStack[i] != tskSTACK_FILL_BYTE) {
            vApplicationStackOverflowHook(pxCurrentTCB, pxCurrentTCB->pcTaskName);
        }
    }
}

StackType_t *pxTaskSwitchContext(StackType_t *pxTopOfStack) {
    pxCurrentTCB->pxTopOfStack = pxTopOfStack;
    taskCHECK_FOR_STACK_OVERFLOW();
    prvSelectTask();
    return pxCurrentTCB->pxTopOfStack;
}

void vTaskInterrupted(StackType_t *pxTopOfStack) { pxCurrentTCB->pxTopOfStack = pxTopOfStack; }

StackType_t *pxTaskCurrentTopOfStack(void) { return pxCurrentTCB->pxTopOfStack; }

static void prvIdleTask(void *pvParameters) {
    (void)pvParameters;
    esp_task_wdt_add(pxCurrentTCB);
    for (;;) {
        esp_task_wdt_reset(pxCurrentTCB);
        TickType_t xNextWake = xDelayedTaskList.xListEnd.pxNext->xItemValue;
        vPortSuppressTicksAndSleep(xNextWake - xTickCount);
    }
}

static void main_task(void *args) {
    (void)args;
    app_main();
    for (;;) {
        vTaskDelay(1000);
    }
}

void vTaskStartScheduler(void) {
    for (size_t i = 0; i < configMAX_PRIORITIES; i++) {
        vListInitialise(&pxReadyTasksLists[i]);
    }
    vListInitialise(&xDelayedTaskList);
    xTaskCreate(prvIdleTask, "IDLE", CONFIG_FREERTOS_IDLE_TASK_STACKSIZE, NULL, tskIDLE_PRIORITY);
    xTaskCreate(main_task, "main", CONFIG_ESP_MAIN_TASK_STACK_SIZE, NULL, tskMAIN_PRIORITY);
    prvSelectTask();
    vPortStartFirstTask(pxCurrentTCB->pxTopOfStack);
}

static TaskSnapshot_t *prvSnapshot(TaskSnapshot_t *pxSnapshot, TCB_t *pxTCB) {
    pxSnapshot->pxTCB = pxTCB;
    pxSnapshot->ulTCBSize = sizeof(TCB_t);
    pxSnapshot->pxTopOfStack = pxTCB->pxTopOfStack;
    pxSnapshot->pxEndOfStack = pxTCB->pxEndOfStack;
    return pxSnapshot + 1;
}

static TaskSnapshot_t *prvSnapshotList(TaskSnapshot_t *pxSnapshot, const TaskSnapshot_t *pxEnd,
                                       const List_t *pxList) {
    const ListItem_t *pxItem = pxList->xListEnd.pxNext;
    for (; pxItem != &pxList->xListEnd && pxSnapshot != pxEnd; pxItem = pxItem->pxNext) {
        if (pxItem->pvOwner != pxCurrentTCB) {
            pxSnapshot = prvSnapshot(pxSnapshot, pxItem->pvOwner);
        }
    }
    return pxSnapshot;
}

size_t uxTaskGetSnapshotAll(TaskSnapshot_t *pxSnapshots, size_t uxCapacity) {
    const TaskSnapshot_t *pxEnd = pxSnapshots + uxCapacity;
    TaskSnapshot_t *pxNext = prvSnapshot(pxSnapshots, pxCurrentTCB);
    for (UBaseType_t uxPriority = configMAX_PRIORITIES; uxPriority-- > 0;) {
        pxNext = prvSnapshotList(pxNext, pxEnd, &pxReadyTasksLists[uxPriority]);
    }
    pxNext = prvSnapshotList(pxNext, pxEnd, &xDelayedTaskList);
    return (size_t)(pxNext - pxSnapshots);
}
