// SPDX-License-Identifier: MIT
// Writes a core dump as ESP-IDF does: header, ELF core file, zeros, SHA-256; base64 over the UART.
#include "board/app_desc.h"
#include "board/board.h"
#include "board/string.h"
#include "kernel/tasks.h"
#include "panic/coredump_format.h"
#include "panic/panic.h"
#include "panic/sha256.h"
#include "sdkconfig.h"

#define MAX_TASKS CONFIG_ESP_COREDUMP_MAX_TASKS_NUM
#define MAX_SEGMENTS (2 * MAX_TASKS + 3) // TCB and stack each, the user region, two of notes
#define ALIGN_UP(n, to) (((n) + (to)-1) / (to) * (to))

extern uint8_t _coredump_dram_start[], _coredump_dram_end[];

static struct {
    struct sha256 checksum;
    TaskSnapshot_t tasks[MAX_TASKS];
    size_t task_count;
    struct elf_segment segments[MAX_SEGMENTS];
    uint16_t segment_count;
    uint32_t offset; // where the next segment's bytes go in the ELF file
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

// A note's size in the file; `name_bytes` may hold more than one NUL, as "CORE" does.
static uint32_t note_size(uint32_t name_bytes, uint32_t length) {
    return sizeof(struct elf_note) + ALIGN_UP(name_bytes, 4) + ALIGN_UP(length, 4);
}

static void put_note(uint32_t type, const char *name, uint32_t name_bytes, const void *data,
                     uint32_t length) {
    const struct elf_note note = {.namesz = name_bytes, .descsz = length, .type = type};
    put(&note, sizeof note);
    put(name, name_bytes);
    put_padding(ALIGN_UP(name_bytes, 4) - name_bytes);
    put(data, length);
    put_padding(ALIGN_UP(length, 4) - length);
}

#define CORE_NAME "CORE\0\0\0" // namesz 8
#define DUMP_INFO_NAME "ESP_CORE_DUMP_INFO"
#define EXTRA_INFO_NAME "ESP_EXTRA_INFO"
#define PANIC_DETAILS_NAME "ESP_PANIC_DETAILS"

// namesz as on a chip: 20, 16 and 20, the padding counted in.
#define PADDED(name) ALIGN_UP(sizeof(name), 4)

static void add_segment(uint32_t type, const void *address, uint32_t size) {
    struct elf_segment *segment = &dump.segments[dump.segment_count++];
    *segment = (struct elf_segment){.type = type, .flags = PF_RW, .offset = dump.offset};
    segment->vaddr = segment->paddr = (uint32_t)address;
    segment->filesz = segment->memsz = size;
    dump.offset += size;
}

static void collect_segments(uint32_t details_length) {
    uint32_t info = note_size(PADDED(DUMP_INFO_NAME), sizeof(struct dump_info)) +
                    note_size(PADDED(EXTRA_INFO_NAME), sizeof(struct extra_info));
    if (details_length > 0) {
        info += note_size(PADDED(PANIC_DETAILS_NAME), details_length);
    }
    add_segment(PT_NOTE, NULL,
                dump.task_count * note_size(sizeof CORE_NAME, sizeof(struct prstatus)));
    for (size_t i = 0; i < dump.task_count; i++) {
        const TaskSnapshot_t *task = &dump.tasks[i];
        add_segment(PT_LOAD, task->pxTCB, task->ulTCBSize);
        add_segment(PT_LOAD, task->pxTopOfStack, task->pxEndOfStack - task->pxTopOfStack);
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
    memcpy(status.registers, task->pxTopOfStack, sizeof status.registers);
    put_note(NOTE_PRSTATUS, CORE_NAME, sizeof CORE_NAME, &status, sizeof status);
}

static void put_info(uint32_t version, const char *details, uint32_t details_length) {
    struct dump_info info = {.version = version};
    for (size_t i = 0; i < CONFIG_APP_RETRIEVE_LEN_ELF_SHA; i++) {
        uint8_t byte = esp_app_desc.app_elf_sha256[i / 2];
        format_hex(&info.elf_sha256[i], i % 2 == 0 ? byte >> 4 : byte & 15, 1);
    }
    put_note(NOTE_DUMP_INFO, DUMP_INFO_NAME "\0", PADDED(DUMP_INFO_NAME), &info, sizeof info);

    const struct extra_info extra = {.crashed_task = (uint32_t)dump.tasks[0].pxTCB};
    put_note(NOTE_EXTRA_INFO, EXTRA_INFO_NAME "\0", PADDED(EXTRA_INFO_NAME), &extra, sizeof extra);
    if (details_length > 0) {
        put_note(NOTE_PANIC_DETAILS, PANIC_DETAILS_NAME "\0\0", PADDED(PANIC_DETAILS_NAME), details,
                 details_length);
    }
}

void coredump_write(RvExcFrame *frame, const char *details) {
    const uint32_t details_length = details != NULL ? strlen(details) : 0;
    dump.task_count = uxTaskGetSnapshotAll(dump.tasks, MAX_TASKS);
    // The TCB of the crashed task still says where it stood at its last yield.
    dump.tasks[0].pxTopOfStack = (StackType_t *)frame;
    collect_segments(details_length);

    const uint32_t unpadded = sizeof(struct coredump_header) + dump.offset;
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
            put((const void *)dump.segments[i].vaddr, dump.segments[i].filesz);
        }
    }
    put_info(header.version, details, details_length);
    put_padding(padded - unpadded);

    uint8_t checksum[SHA256_BYTES];
    sha256_finish(&dump.checksum, checksum);
    uart_write_base64(checksum, sizeof checksum);
    uart_write("================= CORE DUMP END =================\r\n");
}
