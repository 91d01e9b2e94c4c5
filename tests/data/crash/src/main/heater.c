// SPDX-License-Identifier: MIT
// Relays and what hangs on them. This is where the thermostat crashes.
#include "board/string.h"
#include "main/fault.h"
#include "main/thermostat.h"

#define RELAY_MAX_DUTY 90

struct relay {
    uint32_t gpio;
    uint8_t inverted;
    uint8_t duty_percent; // offset 5: what mtval shows when the pointer is null
    uint16_t switch_count;
};

struct named_relay {
    const char *name;
    struct relay relay;
};

static struct named_relay relays[] = {
    {"relay_living", {.gpio = 4}},
    {"relay_kitchen", {.gpio = 5, .inverted = 1}},
};

static struct relay *relay_find(const char *name) {
    for (size_t i = 0; i < sizeof relays / sizeof relays[0]; i++) {
        if (strcmp(relays[i].name, name) == 0) {
            return &relays[i].relay;
        }
    }
    return NULL;
}

// Inlined into its caller: its frame exists in the debug information only.
static inline __attribute__((always_inline)) void relay_set_duty(struct relay *relay,
                                                                 uint8_t percent) {
    uint8_t limited = percent > RELAY_MAX_DUTY ? RELAY_MAX_DUTY : percent;
    relay->duty_percent = limited;
    relay->switch_count++;
}

// Nobody calls this one. The linker drops it and leaves a (0,0) entry in .debug_aranges, as in
// every real firmware.
void heater_all_off(void) {
    for (size_t i = 0; i < sizeof relays / sizeof relays[0]; i++) {
        relay_set_duty(&relays[i].relay, 0);
    }
}

int32_t heater_drive(const struct heater *heater, enum zone_mode mode, int32_t percent) {
    if (mode == ZONE_OFF) {
        return 0;
    }
    struct relay *relay = relay_find(heater->relay_name);
    int32_t watts = heater->rated_watts * percent / 100;
    if (relay == NULL) {
        fault_raise(relay); // returns for the null store: the mistake is to go on from here
    }
    relay_set_duty(relay, (uint8_t)percent);
    return watts;
}
