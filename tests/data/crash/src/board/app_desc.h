// SPDX-License-Identifier: MIT
// ESP-IDF's description of an application, the first thing in its image.
#pragma once

#include <stdint.h>

#define ESP_APP_DESC_MAGIC_WORD 0xABCD5432u

typedef struct {
    uint32_t magic_word;
    uint32_t secure_version;
    uint32_t reserv1[2];
    char version[32];
    char project_name[32];
    char time[16]; // empty, like date: a build can be repeated
    char date[16];
    char idf_ver[32];
    uint8_t app_elf_sha256[32]; // zero in the ELF, patched in the image
    uint32_t reserv2[20];
} esp_app_desc_t;

_Static_assert(sizeof(esp_app_desc_t) == 256, "as on a chip");

extern const esp_app_desc_t esp_app_desc;
