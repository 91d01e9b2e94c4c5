// The device's side of Coredepot, for ESP-IDF 5.0 and later: an example to copy. docs/devices.md says what
// goes over the wire and why.
#pragma once

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *base_url;  // "https://depot.example", without a slash at the end
    const char *chip;      // CONFIG_IDF_TARGET: "esp32c3"
    const char *version;   // esp_app_get_description()->version of the running firmware
    const char *ca_pem;    // the CA of the server's certificate; NULL: ESP-IDF's bundle of CAs
    // Returns the access token, without "Bearer ", valid for the next minutes. The callee keeps owning it.
    // NULL: there is no token now, and nothing is sent.
    const char *(*token)(void);
    const char *device_key;  // instead of a token, if the server checks none; else NULL
} coredepot_config_t;

// Sends the core dump of the last crash, if there is one, and erases it once the server has it or will
// never take it. Call it after each boot, when there is a network.
//   ESP_OK             sent, and erased
//   ESP_ERR_NOT_FOUND  there is no core dump
//   ESP_ERR_INVALID_RESPONSE  refused for good, and erased
//   anything else      it is still there: try again at the next boot, or after *retry_after seconds
esp_err_t coredepot_upload_core_dump(const coredepot_config_t *config, int *retry_after);

// Fetches the server's firmware for this device's model, if another one runs. When the connection breaks it
// goes on where it was.
//   ESP_OK             written, and booted next: call esp_restart() when it suits
//   ESP_ERR_NOT_FOUND  the running firmware is the current one, or the server has none
//   anything else      nothing has changed
esp_err_t coredepot_update_firmware(const coredepot_config_t *config);

#ifdef __cplusplus
}
#endif
