// SPDX-License-Identifier: MIT
// Writes a core dump as ESP-IDF does: header, ELF core file, zeros, SHA-256; base64 over the UART.
#include "board/app_desc.h"
#include "board/board.h"
#include "board/string.h"
#include "kernel/interrupt.h"
#include "kernel/task_wdt.h"
#include "kernel/tasks.h"
#include "panic/coredump_format.h"
#include "panic/panic.h"
#include "panic/sha256.h"
#include "sdkconfig.h"

#define MAX_TASKS CONFIG_ESP_COREDUMP_MAX_TASKS_NUM
#define MAX_SEGMENTS                                                                               \
    (2 * MAX_TASKS + 4) // TCB and stack each, an interrupted task's stack, the user
                        // region, two of notes
#define ALIGN_UP(n, to) (((n) + (to)-1) / (to) * (to))

extern uint8_t _coredump_dram_start[], _coredump_dram_end[];
extern uint8_t isr_stack_top[];

// Goes into the dump in place of a stack that makes no sense.
static const RvExcFrame s_fake_stack_frame = {
    .mepc = COREDUMP_FAKE_STACK_START,
    .sp = COREDUMP_FAKE_STACK_START + sizeof(RvExcFrame),
};

static struct {
    struct sha256 checksum;
    TaskSnapshot_t tasks[MAX_TASKS];
    size_t task_count;
    struct elf_segment segments[MAX_SEGMENTS];
    const void *contents[MAX_SEGMENTS];
    uint16_t segment_count;
    uint32_t offset; // where the next segment's bytes go in the ELF file
    bool in_isr;
    StackType_t *interrupted_top, *interrupted_end; // of the task, when `in_isr`
    uint32_t wdt_details_length;                    // 0: the panic is not the task watchdog's
} dump;

static void put(const void *data, size_t length) {
    sha256_update(&dump.checksum, data, length);
    uart_write_base64(data, length);
}

static void put_padding(size_t length) {
    static const uint8_t zeros[COREDUMP_ALIGNMENT];
    if (length > 0) {
        put(zeros, length);
    }
}

#define CORE_NAME "CORE"
#define DUMP_INFO_NAME "ESP_CORE_DUMP_INFO"
#define EXTRA_INFO_NAME "ESP_EXTRA_INFO"
#define PANIC_DETAILS_NAME "ESP_PANIC_DETAILS"
#define MAX_NAME_BYTES 32

// A note's size in the file. namesz is 8, 20, 16 and 20: as on a chip the padding is counted in.
static uint32_t note_size(uint32_t name_length, uint32_t length) {
    return sizeof(struct elf_note) + ALIGN_UP(name_length + 1, 4) + ALIGN_UP(length, 4);
}

// Names are copied without their NUL, as in ESP-IDF 5.4: behind the end of a short one is what was
// left there by a longer one before it, `ESP_EXTRA_INFOIN`.
static void put_note_header(uint32_t type, const char *name, uint32_t name_length,
                            uint32_t length) {
    static char name_buffer[MAX_NAME_BYTES];
    const struct elf_note note = {
        .namesz = ALIGN_UP(name_length + 1, 4), .descsz = length, .type = type};
    memcpy(name_buffer, name, name_length);
    put(&note, sizeof note);
    put(name_buffer, note.namesz);
}

static void put_note(uint32_t type, const char *name, const void *data, uint32_t length) {
    put_note_header(type, name, strlen(name), length);
    put(data, length);
    put_padding(ALIGN_UP(length, 4) - length);
}

static void put_piece(void *opaque, const char *piece) {
    (void)opaque;
    put(piece, strlen(piece));
}

static void add_length(void *length, const char *piece) { *(uint32_t *)length += strlen(piece); }

// ESP-IDF 5.4 takes the padded length of the name for its length, writes four bytes more and does
// not count them: the note goes on behind its segment.
#define WDT_NAME_LENGTH sizeof(PANIC_DETAILS_NAME "\0\0")
#define WDT_UNCOUNTED_BYTES 4

static void put_wdt_details(void) {
    put_note_header(NOTE_PANIC_DETAILS, PANIC_DETAILS_NAME "\0\0", WDT_NAME_LENGTH,
                    dump.wdt_details_length);
    esp_task_wdt_print_triggered_tasks(put_piece, NULL);
    put_padding(ALIGN_UP(dump.wdt_details_length, 4) - dump.wdt_details_length);
}

static void add_segment(uint32_t type, const void *address, uint32_t size) {
    dump.contents[dump.segment_count] = address;
    struct elf_segment *segment = &dump.segments[dump.segment_count++];
    *segment = (struct elf_segment){.type = type, .flags = PF_RW, .offset = dump.offset};
    segment->vaddr = segment->paddr = (uint32_t)address;
    segment->filesz = segment->memsz = size;
    dump.offset += size;
}

static void add_stack(StackType_t *top, StackType_t *end) {
    const bool is_fake = (uint32_t)top == COREDUMP_FAKE_STACK_START;
    add_segment(PT_LOAD, top, end - top);
    if (is_fake) {
        dump.contents[dump.segment_count - 1] = &s_fake_stack_frame;
    }
}

static void collect_segments(uint32_t details_length) {
    uint32_t info = note_size(strlen(DUMP_INFO_NAME), sizeof(struct dump_info)) +
                    note_size(strlen(EXTRA_INFO_NAME), sizeof(struct extra_info));
    if (dump.wdt_details_length > 0) {
        info += note_size(strlen(PANIC_DETAILS_NAME), dump.wdt_details_length);
    }
    if (details_length > 0) {
        info += note_size(strlen(PANIC_DETAILS_NAME), details_length);
    }
    add_segment(PT_NOTE, NULL,
                dump.task_count * note_size(strlen(CORE_NAME), sizeof(struct prstatus)));
    for (size_t i = 0; i < dump.task_count; i++) {
        const TaskSnapshot_t *task = &dump.tasks[i];
        add_segment(PT_LOAD, task->pxTCB, task->ulTCBSize);
        add_stack(task->pxTopOfStack, task->pxEndOfStack);
        if (i == 0 && dump.in_isr) {
            add_stack(dump.interrupted_top, dump.interrupted_end);
        }
    }
    add_segment(PT_LOAD, _coredump_dram_start, _coredump_dram_end - _coredump_dram_start);
    add_segment(PT_NOTE, NULL, info);

    const uint32_t headers =
        sizeof(struct elf_header) + dump.segment_count * sizeof dump.segments[0];
    for (size_t i = 0; i < dump.segment_count; i++) {
        dump.segments[i].offset += headers;
    }
    dump.offset += headers;
}

static void put_elf_header(void) {
    const struct elf_header header = {
        .ident = {0x7f, 'E', 'L', 'F', 1, 1, 1}, // 32 bits, little-endian, version 1
        .type = ET_CORE,
        .machine = EM_RISCV,
        .version = 1,
        .phoff = sizeof(struct elf_header),
        .ehsize = sizeof(struct elf_header),
        .phentsize = sizeof(struct elf_segment),
        .phnum = dump.segment_count,
        .shentsize = 40,
    };
    put(&header, sizeof header);
    for (size_t i = 0; i < dump.segment_count; i++) {
        put(&dump.segments[i], sizeof dump.segments[i]);
    }
}

static void put_registers(const TaskSnapshot_t *task) {
    struct prstatus status = {.pid = (uint32_t)task->pxTCB};
    const bool is_fake = (uint32_t)task->pxTopOfStack == COREDUMP_FAKE_STACK_START;
    memcpy(status.registers, is_fake ? (const void *)&s_fake_stack_frame : task->pxTopOfStack,
           sizeof status.registers);
    put_note(NOTE_PRSTATUS, CORE_NAME, &status, sizeof status);
}

static void put_info(uint32_t version, const char *details, uint32_t details_length) {
    struct dump_info info = {.version = version};
    for (size_t i = 0; i < CONFIG_APP_RETRIEVE_LEN_ELF_SHA; i++) {
        uint8_t byte = esp_app_desc.app_elf_sha256[i / 2];
        format_hex(&info.elf_sha256[i], i % 2 == 0 ? byte >> 4 : byte & 15, 1);
    }
    put_note(NOTE_DUMP_INFO, DUMP_INFO_NAME, &info, sizeof info);

    const struct extra_info extra = {.crashed_task = (uint32_t)dump.tasks[0].pxTCB,
                                     .in_interrupt = dump.in_isr};
    put_note(NOTE_EXTRA_INFO, EXTRA_INFO_NAME, &extra, sizeof extra);
    if (dump.wdt_details_length > 0) {
        put_wdt_details();
    }
    if (details_length > 0) {
        put_note(NOTE_PANIC_DETAILS, PANIC_DETAILS_NAME, details, details_length);
    }
}

// The crashed task's stack is the one that the frame is on: its own, or that of interrupts. A frame
// that is elsewhere, as when the kernel itself panics, makes no sense to ESP-IDF.
static void find_crashed_stack(RvExcFrame *frame) {
    TaskSnapshot_t *task = &dump.tasks[0];
    dump.in_isr = xPortInterruptedFromISRContext() && !g_twdt_isr;
    if (dump.in_isr) {
        dump.interrupted_top = task->pxTopOfStack;
        dump.interrupted_end = task->pxEndOfStack;
        task->pxEndOfStack = isr_stack_top;
    }
    // The TCB still says where the task stood at its last yield, or at the interrupt.
    task->pxTopOfStack = (StackType_t *)frame;
    if (task->pxTopOfStack >= task->pxEndOfStack) {
        task->pxTopOfStack = (StackType_t *)COREDUMP_FAKE_STACK_START;
        task->pxEndOfStack = task->pxTopOfStack + sizeof s_fake_stack_frame;
    }
}

void coredump_write(RvExcFrame *frame, const char *details) {
    const uint32_t details_length = details != NULL ? strlen(details) : 0;
    dump.task_count = uxTaskGetSnapshotAll(dump.tasks, MAX_TASKS);
    find_crashed_stack(frame);
    if (g_twdt_isr) {
        esp_task_wdt_print_triggered_tasks(add_length, &dump.wdt_details_length);
    }
    collect_segments(details_length);

    const uint32_t uncounted = dump.wdt_details_length > 0 ? WDT_UNCOUNTED_BYTES : 0;
    const uint32_t unpadded = sizeof(struct coredump_header) + dump.offset + uncounted;
    const uint32_t padded = ALIGN_UP(unpadded, COREDUMP_ALIGNMENT);
    const struct coredump_header header = {
        .length = padded + SHA256_BYTES,
        .version = CONFIG_IDF_FIRMWARE_CHIP_ID << 16 | COREDUMP_VERSION_ELF_SHA256,
        .chip_revision = COREDUMP_CHIP_REVISION,
    };
    uart_write("================= CORE DUMP START =================\r\n");
    sha256_init(&dump.checksum);
    put(&header, sizeof header);
    put_elf_header();
    for (size_t i = 0; i < dump.task_count; i++) {
        put_registers(&dump.tasks[i]);
    }
    for (size_t i = 0; i < dump.segment_count; i++) {
        if (dump.segments[i].type == PT_LOAD) {
            put(dump.contents[i], dump.segments[i].filesz);
        }
    }
    put_info(header.version, details, details_length);
    put_padding(padded - unpadded);

    uint8_t checksum[SHA256_BYTES];
    sha256_finish(&dump.checksum, checksum);
    uart_write_base64(checksum, sizeof checksum);
    uart_write("================= CORE DUMP END =================\r\n");
}
