// SPDX-License-Identifier: MIT
// The application: every 20 ticks it looks at all zones and drives their heaters. In the third
// pass the bath has cooled down, and its heater names a relay that this board does not have.
#include "main/thermostat.h"
#include "kernel/tasks.h"
#include "panic/panic.h"

#define REGULATE_PERIOD_TICKS 20
#define OTA_CHECK_PASS 2
#define SETTLE_PASSES 1 // the first readings are not to be trusted

// A user region: the dump shows these next to the stacks.
COREDUMP_DRAM_ATTR struct zone zones[ZONE_COUNT] = {
    {"living", ZONE_COMFORT, {210, 5, 86400}, 225, {"relay_living", 1500}},
    {"kitchen", ZONE_ECO, {180, 10, 86400}, 201, {"relay_kitchen", 1000}},
    {"bath", ZONE_BOOST, {235, 5, 7200}, 241, {"relay_bath", 750}},
};

static struct sensor_bus sensor_bus = {.clock_hz = 100000, .first_address = 0x48};

// How hard to heat: 4 % for each tenth of a degree that is missing.
static int32_t percent_for(int32_t missing, enum zone_mode mode) {
    int32_t percent = missing * 4;
    if (mode == ZONE_BOOST) {
        percent += 25;
    }
    return percent;
}

static int32_t regulate_zone(struct zone *zone, struct setpoint setpoint, uint32_t pass) {
    int32_t missing = setpoint.target - zone->temperature;
    if (missing <= setpoint.hysteresis || pass < SETTLE_PASSES) {
        return 0;
    }
    int32_t percent = percent_for(missing, zone->mode);
    int32_t watts = heater_drive(&zone->heater, zone->mode, percent);
    return watts;
}

static int32_t regulate_zones(struct zone *first, size_t count, uint32_t pass) {
    int32_t total_watts = 0;
    for (size_t i = 0; i < count; i++) {
        total_watts += regulate_zone(&first[i], first[i].setpoint, pass);
    }
    return total_watts;
}

void app_main(void) {
    int32_t peak_watts = 0;
    xTaskCreate(sensor_task, "sensor", 1024, &sensor_bus, 5);
    xTaskCreate(uplink_task, "uplink", 2048, "home/7f3a9c21/state", 3);

    for (uint32_t pass = 0;; pass++) {
        vTaskDelay(REGULATE_PERIOD_TICKS);
        if (pass == OTA_CHECK_PASS) {
            // Not its turn before the crash: the dump has a task that never ran.
            xTaskCreate(ota_task, "ota", 1024, "https://updates.example/thermostat.bin", 1);
        }
        int32_t watts = regulate_zones(zones, ZONE_COUNT, pass);
        if (watts > peak_watts) {
            peak_watts = watts;
        }
    }
}
