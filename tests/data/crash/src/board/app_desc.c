// SPDX-License-Identifier: MIT
#include "board/app_desc.h"
#include "sdkconfig.h"

__attribute__((section(".flash.appdesc"))) const esp_app_desc_t esp_app_desc = {
    .magic_word = ESP_APP_DESC_MAGIC_WORD,
    .version = CONFIG_APP_PROJECT_VER,
    .project_name = "thermostat",
    .idf_ver = "v5.4-bare",
};
