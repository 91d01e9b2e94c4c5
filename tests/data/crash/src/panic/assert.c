// SPDX-License-Identifier: MIT
#include "panic/assert.h"
#include "board/string.h"
#include "panic/panic.h"

// Appends `text` to the string at `at`, which has room for it; returns its new end.
static char *append(char *at, const char *text) {
    size_t length = strlen(text);
    memcpy(at, text, length + 1);
    return at + length;
}

// `assert failed: heater_drive heater.c:70 (relay != NULL)`
void __assert_func(const char *file, int line, const char *func, const char *expr) {
    char details[200];
    char *at = append(append(append(details, "assert failed: "), func), " ");
    at = append(append(at, file), ":");
    at = format_decimal(at, (uint32_t)line);
    append(append(append(at, " ("), expr), ")");
    esp_system_abort(details);
}
