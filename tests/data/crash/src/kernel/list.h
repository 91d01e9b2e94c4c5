// SPDX-License-Identifier: MIT
// Circular doubly linked lists of tasks. Type and member names are FreeRTOS's, because decoders
// look for them; the code is ours.
#pragma once

#include <stdint.h>

typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned int UBaseType_t;

struct xLIST;

typedef struct xLIST_ITEM {
    TickType_t xItemValue;
    struct xLIST_ITEM *pxNext;
    struct xLIST_ITEM *pxPrevious;
    void *pvOwner;
    struct xLIST *pxContainer;
} ListItem_t;

typedef struct xLIST {
    UBaseType_t uxNumberOfItems;
    ListItem_t xListEnd;
} List_t;

void vListInitialise(List_t *pxList);
void vListInsertBefore(List_t *pxList, ListItem_t *pxPosition, ListItem_t *pxNewItem);
void vListInsertEnd(List_t *pxList, ListItem_t *pxNewItem);
void vListInsertSorted(List_t *pxList, ListItem_t *pxNewItem); // by xItemValue, then by arrival
void vListRemove(ListItem_t *pxItem);
