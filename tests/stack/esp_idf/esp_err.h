// ESP-IDF's interfaces that docs/esp-idf uses, for a host: names, types and meanings as in
// ESP-IDF 5.5, what they do in esp_idf.cpp.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t;

#define ESP_OK 0
#define ESP_FAIL -1
#define ESP_ERR_INVALID_STATE 0x103
#define ESP_ERR_INVALID_SIZE 0x104
#define ESP_ERR_NOT_FOUND 0x105
#define ESP_ERR_INVALID_RESPONSE 0x108

const char* esp_err_to_name(esp_err_t code);

#ifdef __cplusplus
}
#endif
