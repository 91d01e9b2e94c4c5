// SPDX-License-Identifier: MIT
// What the thermostat regulates. Temperatures are in tenths of a degree Celsius.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum zone_mode { ZONE_OFF, ZONE_ECO, ZONE_COMFORT, ZONE_BOOST };

// Eight bytes: travels in two registers when it is passed by value.
struct setpoint {
    int16_t target;
    int16_t hysteresis;
    uint32_t valid_until_tick;
};

struct heater {
    const char *relay_name;
    uint16_t rated_watts;
};

struct zone {
    const char *name;
    enum zone_mode mode;
    struct setpoint setpoint;
    int32_t temperature;
    struct heater heater;
};

struct sensor_bus {
    uint32_t clock_hz;
    uint8_t first_address;
    uint32_t transfers;
};

#define ZONE_COUNT 3
extern struct zone zones[ZONE_COUNT];

// Switches a heater on for `percent` of the time; returns the watts it will draw.
int32_t heater_drive(const struct heater *heater, enum zone_mode mode, int32_t percent);
void heater_all_off(void);

void sensor_task(void *bus);
void uplink_task(void *topic);
void ota_task(void *url);
