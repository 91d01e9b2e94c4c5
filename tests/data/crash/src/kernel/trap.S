// SPDX-License-Identifier: MIT
// As ESP-IDF's vectors.S does, an exception (a yield, too) saves the whole RvExcFrame on the stack
// that was in use, an interrupt only the registers in it. A yield and an interrupt go on with the
// stack of interrupts, the panic handler with one of its own.

#define FRAME_BYTES 160
#define INTERRUPT_FRAME_BYTES 128
#define ECALL_FROM_MACHINE 11

    .macro general_registers op
    \op ra, 4(sp)
    \op gp, 12(sp)
    \op tp, 16(sp)
    \op t1, 24(sp)
    \op t2, 28(sp)
    \op s0, 32(sp)
    \op s1, 36(sp)
    \op a0, 40(sp)
    \op a1, 44(sp)
    \op a2, 48(sp)
    \op a3, 52(sp)
    \op a4, 56(sp)
    \op a5, 60(sp)
    \op a6, 64(sp)
    \op a7, 68(sp)
    \op s2, 72(sp)
    \op s3, 76(sp)
    \op s4, 80(sp)
    \op s5, 84(sp)
    \op s6, 88(sp)
    \op s7, 92(sp)
    \op s8, 96(sp)
    \op s9, 100(sp)
    \op s10, 104(sp)
    \op s11, 108(sp)
    \op t3, 112(sp)
    \op t4, 116(sp)
    \op t5, 120(sp)
    \op t6, 124(sp)
    .endm

    .macro save_csr csr offset
    csrr t0, \csr
    sw t0, \offset(sp)
    .endm

    .section .text.trap_entry, "ax"
    .globl trap_entry
    .type trap_entry, @function
    .balign 4                       // mtvec has no room for the two low bits
trap_entry:
    csrw mscratch, t0
    csrr t0, mcause
    bltz t0, _interrupt_handler
    csrr t0, mscratch
    addi sp, sp, -FRAME_BYTES
    general_registers sw
    sw t0, 20(sp)
    addi t0, sp, FRAME_BYTES        // sp as it was
    sw t0, 8(sp)
    save_csr mepc 0
    save_csr mstatus 128
    save_csr mtvec 132
    save_csr mcause 136
    save_csr mtval 140
    save_csr mhartid 144
    mv a0, sp
    csrr t0, mcause
    li t1, ECALL_FROM_MACHINE
    la sp, isr_stack_top
    beq t0, t1, 1f
    la sp, panic_stack_top
1:  call pxPortHandleTrap
    mv sp, a0
resume:
    lw t0, 0(sp)
    csrw mepc, t0
    lw t0, 128(sp)
    csrw mstatus, t0
    general_registers lw
    lw t0, 20(sp)
    addi sp, sp, FRAME_BYTES
    mret
    .size trap_entry, . - trap_entry

    .section .text._interrupt_handler, "ax"
    .globl _interrupt_handler
    .type _interrupt_handler, @function
_interrupt_handler:
    csrr t0, mscratch
    addi sp, sp, -INTERRUPT_FRAME_BYTES
    general_registers sw
    sw t0, 20(sp)
    addi t0, sp, INTERRUPT_FRAME_BYTES
    sw t0, 8(sp)
    save_csr mepc 0
    mv a0, sp
    call rtos_int_enter
    mv a0, sp
    csrr a1, mcause
    la sp, isr_stack_top
    call _global_interrupt_handler
    call rtos_int_exit
    mv sp, a0
    lw t0, 0(sp)
    csrw mepc, t0
    general_registers lw
    lw t0, 20(sp)
    addi sp, sp, INTERRUPT_FRAME_BYTES
    mret
    .size _interrupt_handler, . - _interrupt_handler

    .section .text.vPortStartFirstTask, "ax"
    .globl vPortStartFirstTask
    .type vPortStartFirstTask, @function
vPortStartFirstTask:
    mv sp, a0
    j resume
    .size vPortStartFirstTask, . - vPortStartFirstTask
