// SPDX-License-Identifier: MIT
#include "kernel/list.h"

#include <stddef.h>

void vListInitialise(List_t *pxList) {
    pxList->uxNumberOfItems = 0;
    pxList->xListEnd.xItemValue = UINT32_MAX;
    pxList->xListEnd.pxNext = &pxList->xListEnd;
    pxList->xListEnd.pxPrevious = &pxList->xListEnd;
}

void vListInsertBefore(List_t *pxList, ListItem_t *pxPosition, ListItem_t *pxNewItem) {
    pxNewItem->pxNext = pxPosition;
    pxNewItem->pxPrevious = pxPosition->pxPrevious;
    pxPosition->pxPrevious->pxNext = pxNewItem;
    pxPosition->pxPrevious = pxNewItem;
    pxNewItem->pxContainer = pxList;
    pxList->uxNumberOfItems++;
}

void vListInsertEnd(List_t *pxList, ListItem_t *pxNewItem) {
    vListInsertBefore(pxList, &pxList->xListEnd, pxNewItem);
}

void vListInsertSorted(List_t *pxList, ListItem_t *pxNewItem) {
    ListItem_t *pxPosition = pxList->xListEnd.pxNext;
    while (pxPosition != &pxList->xListEnd && pxPosition->xItemValue <= pxNewItem->xItemValue) {
        pxPosition = pxPosition->pxNext;
    }
    vListInsertBefore(pxList, pxPosition, pxNewItem);
}

void vListRemove(ListItem_t *pxItem) {
    pxItem->pxPrevious->pxNext = pxItem->pxNext;
    pxItem->pxNext->pxPrevious = pxItem->pxPrevious;
    pxItem->pxContainer->uxNumberOfItems--;
    pxItem->pxContainer = NULL;
}
