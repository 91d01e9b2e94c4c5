// SPDX-License-Identifier: MIT
// A 16550 UART, the "test finisher" that ends QEMU, and the timer of the CLINT.
#include "board/board.h"

#include <stdint.h>

#define UART_THR ((volatile uint8_t *)0x10000000)
#define UART_LSR ((volatile uint8_t *)0x10000005)
#define UART_LSR_THR_EMPTY 0x20
#define FINISHER ((volatile uint32_t *)0x00100000)
#define CLINT_MTIMECMP ((volatile uint32_t *)0x02004000)
#define CLINT_TICKS_PER_SECOND 10000000u
#define MIE_TIMER 0x80u

#define BYTES_PER_LINE 48

void board_exit(enum exit_status status) {
    *FINISHER = status;
    for (;;) {
    }
}

// The time is not read: it is another one in every run, and would stay in a register.
void board_start_timer(void) {
    CLINT_MTIMECMP[0] = 2 * CLINT_TICKS_PER_SECOND;
    CLINT_MTIMECMP[1] = 0;
    __asm__ volatile("csrs mie, %0" : : "r"(MIE_TIMER));
}

void board_stop_timer(void) { __asm__ volatile("csrc mie, %0" : : "r"(MIE_TIMER)); }

static void uart_put(char c) {
    while ((*UART_LSR & UART_LSR_THR_EMPTY) == 0) {
    }
    *UART_THR = (uint8_t)c;
}

void uart_write(const char *text) {
    while (*text != '\0') {
        uart_put(*text++);
    }
}

static void write_base64_line(const uint8_t *bytes, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= i + 1 < length ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= i + 2 < length ? bytes[i + 2] : 0;
        uart_put(digits[group >> 18]);
        uart_put(digits[group >> 12 & 63]);
        uart_put(i + 1 < length ? digits[group >> 6 & 63] : '=');
        uart_put(i + 2 < length ? digits[group & 63] : '=');
    }
    uart_write("\r\n");
}

void uart_write_base64(const void *data, size_t length) {
    const uint8_t *bytes = data;
    for (size_t at = 0; at < length; at += BYTES_PER_LINE) {
        size_t rest = length - at;
        write_base64_line(bytes + at, rest < BYTES_PER_LINE ? rest : BYTES_PER_LINE);
    }
}
