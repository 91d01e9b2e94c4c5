// SPDX-License-Identifier: MIT
// Entry point of the image: sets up what C expects and starts the kernel.

    .section .text._start, "ax"
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax                 // gp cannot be loaded relative to itself
    la gp, __global_pointer$
    .option pop
    la sp, panic_stack_top
    la t0, trap_entry
    csrw mtvec, t0
    la t0, _bss_start
    la t1, _bss_end
1:  bgeu t0, t1, 2f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 1b
2:  call vTaskStartScheduler
    .size _start, . - _start
