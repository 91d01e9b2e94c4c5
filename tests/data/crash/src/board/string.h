// SPDX-License-Identifier: MIT
// The little of a C library that is needed.
#pragma once

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int strcmp(const char *a, const char *b);
size_t strlen(const char *text);

// `value` and a NUL; returns where that is.
char *format_decimal(char *to, uint32_t value);

// The low `digits` hexadecimal digits of `value`, without a NUL.
void format_hex(char *to, uint32_t value, int digits);
