# Sets the registers and goes on to app_main().
    .globl _start
_start:
    .cfi_startproc
    .cfi_undefined ra
    .option norelax
    la gp, __global_pointer$
    la sp, stack + 2048
    call app_main
    ebreak
    .cfi_endproc

# Keeps the task that runs, whose stack pointer goes to (a0), and goes on with that whose stack
# pointer is a1. What a task that waits goes on with is at vPortYield + 34.
    .globl vPortYield
vPortYield:
    .cfi_startproc
    addi sp, sp, -64
    .cfi_def_cfa_offset 64
    sw ra, 0(sp)
    .cfi_rel_offset ra, 0
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sw s\n, 4 + 4 * \n(sp)
    .cfi_rel_offset s\n, 4 + 4 * \n
    .endr
    sw sp, (a0)
    mv sp, a1
    lw ra, 0(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    lw s\n, 4 + 4 * \n(sp)
    .endr
    addi sp, sp, 64
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

# Where a task begins; its function is in s0.
    .globl vPortTaskWrapper
vPortTaskWrapper:
    .cfi_startproc
    .cfi_undefined ra
    jalr s0
    ebreak
    .cfi_endproc
