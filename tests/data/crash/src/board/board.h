// SPDX-License-Identifier: MIT
// What the program uses of QEMU's "virt" machine.
#pragma once

#include <stddef.h>

enum exit_status { EXIT_PASSED = 0x5555, EXIT_FAILED = 0x13333 };

void board_exit(enum exit_status status) __attribute__((noreturn));
void board_start_timer(void); // raises its interrupt two seconds after the start of the machine
void board_stop_timer(void);
void uart_write(const char *text);
void uart_write_base64(const void *data, size_t length); // lines of 48 bytes, each padded
