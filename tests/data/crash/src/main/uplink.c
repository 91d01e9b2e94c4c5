// SPDX-License-Identifier: MIT
// Tells the cloud how warm it is, and looks for updates.
#include "board/string.h"
#include "kernel/tasks.h"
#include "main/thermostat.h"

#define SEND_TICKS_PER_BYTE 1

struct report {
    uint32_t sequence;
    int32_t warmest;
    char zone[12];
};

enum qos { QOS_AT_MOST_ONCE, QOS_AT_LEAST_ONCE };

static size_t socket_send(int fd, const void *data, size_t length) {
    const uint8_t *bytes = data;
    vTaskDelay(length * SEND_TICKS_PER_BYTE);
    return fd >= 0 && bytes != NULL ? length : 0;
}

static size_t uplink_publish(const char *topic, const struct report *report, enum qos qos) {
    size_t sent = socket_send(3, topic, strlen(topic));
    sent += socket_send(3, report, sizeof *report);
    if (qos == QOS_AT_LEAST_ONCE) {
        sent += socket_send(3, &report->sequence, sizeof report->sequence);
    }
    return sent;
}

void uplink_task(void *arg) {
    const char *topic = arg;
    struct report report = {0};
    for (;;) {
        const struct zone *warmest = &zones[0];
        for (size_t i = 1; i < ZONE_COUNT; i++) {
            if (zones[i].temperature > warmest->temperature) {
                warmest = &zones[i];
            }
        }
        report.warmest = warmest->temperature;
        memcpy(report.zone, warmest->name, strlen(warmest->name) + 1);
        uplink_publish(topic, &report, QOS_AT_LEAST_ONCE);
        report.sequence++;
    }
}

void ota_task(void *arg) {
    const char *url = arg;
    for (;;) {
        socket_send(4, url, strlen(url));
    }
}
