// SPDX-License-Identifier: MIT
// ESP-IDF's core dump container and the parts of an ELF core file that go into it.
#pragma once

#include "kernel/port.h"

#define COREDUMP_VERSION_ELF_SHA256 0x0103u
#define COREDUMP_CHIP_REVISION 3u // v0.3
#define COREDUMP_ALIGNMENT 32u    // what goes to flash is padded to this
#define ELF_SHA256_FIELD_BYTES 66u
#define COREDUMP_FAKE_STACK_START 0x20000000u

struct coredump_header {
    uint32_t length; // with the checksum
    uint32_t version;
    uint32_t tasks; // this and the next two are zero in the ELF format
    uint32_t tcb_size;
    uint32_t memory_segments;
    uint32_t chip_revision;
};

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, phoff, shoff, flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

struct elf_note {
    uint32_t namesz, descsz, type;
};

#define ET_CORE 4
#define EM_RISCV 243
#define PT_LOAD 1u
#define PT_NOTE 4u
#define PF_RW 6u

#define NOTE_PRSTATUS 1u
#define NOTE_DUMP_INFO 8266u
#define NOTE_EXTRA_INFO 677u
#define NOTE_PANIC_DETAILS 679u

struct prstatus {
    uint32_t signal[6];
    uint32_t pid; // address of the TCB
    uint32_t times[11];
    uint32_t registers[32];
    uint32_t fpvalid;
};

struct dump_info {
    uint32_t version;
    char elf_sha256[ELF_SHA256_FIELD_BYTES];
    uint8_t padding[2];
};

struct extra_info {
    uint32_t crashed_task;
    uint32_t in_interrupt;
};

_Static_assert(sizeof(struct coredump_header) == 24, "version 0x103");
_Static_assert(sizeof(struct elf_header) == 52 && sizeof(struct elf_segment) == 32, "ELF32");
_Static_assert(sizeof(struct prstatus) == 204 && sizeof(struct dump_info) == 72, "as on a chip");
