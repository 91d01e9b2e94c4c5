// SPDX-License-Identifier: MIT
// Reads one thermometer a zone. There is none: every reading is a little colder than the last.
#include "board/string.h"
#include "kernel/tasks.h"
#include "main/fault.h"
#include "main/thermostat.h"

#define REGISTER_TEMPERATURE 0x00
#define TRANSFER_TICKS 2
#define SAMPLE_PERIOD_TICKS 9
#define HISTORY_SAMPLES 488 // more than there is room for on the stack of 1024 bytes

static int32_t bus_read(struct sensor_bus *bus, uint8_t address, uint8_t reg) {
    vTaskDelay(TRANSFER_TICKS);
    bus->transfers++;
    return -(address - bus->first_address + 1) - reg;
}

// Inlined in the middle of a backtrace: the frame has a return address to look up, at pc-1.
static inline __attribute__((always_inline)) void sensor_sample(struct sensor_bus *bus,
                                                                size_t index) {
    uint8_t address = (uint8_t)(bus->first_address + index);
    int32_t change = bus_read(bus, address, REGISTER_TEMPERATURE);
    zones[index].temperature += change;
}

static int32_t sensor_trend(int32_t newest) {
    int16_t history[HISTORY_SAMPLES];
    memset(history, 0, sizeof history);
    return newest - history[0];
}

void sensor_task(void *arg) {
    struct sensor_bus *bus = arg;
    for (;;) {
        if (fault_wanted() == FAULT_STACK_OVERFLOW) {
            zones[0].temperature += sensor_trend(zones[0].temperature);
        }
        for (size_t i = 0; i < ZONE_COUNT; i++) {
            sensor_sample(bus, i);
        }
        vTaskDelay(SAMPLE_PERIOD_TICKS);
    }
}
