# Sets the stack and goes on to app_main().
    .globl _start
_start:
    .cfi_startproc
    .cfi_undefined ra
    .option norelax
    la sp, stack + 2048
    call app_main
    ebreak
    .cfi_endproc
