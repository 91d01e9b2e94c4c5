// SPDX-License-Identifier: MIT
#pragma once

void __assert_func(const char *file, int line, const char *func, const char *expr)
    __attribute__((noreturn));

#define assert(expr) ((expr) ? (void)0 : __assert_func(__FILE_NAME__, __LINE__, __func__, #expr))
