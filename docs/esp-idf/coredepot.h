// A device's side of Coredepot, for ESP-IDF 5.0 and later: an example to copy. docs/devices.md says what
// goes over the wire and why.
#pragma once

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *base_url;  // "https://depot.example", without a slash at the end
    const char *chip;      // CONFIG_IDF_TARGET: "esp32c3"
    const char *version;   // esp_app_get_description()->version, of the firmware that runs now
    const char *ca_pem;    // the CA of the server's certificate; NULL: the bundle of ESP-IDF
    // The access token, without "Bearer ", valid for the next minutes; it stays the callee's. NULL: there
    // is none now, and nothing is sent.
    const char *(*token)(void);
    const char *device_key;  // instead of a token, where the server checks none; else NULL
} coredepot_config_t;

// Sends the core dump of the last crash, if there is one, and erases it when the server has it or will
// never take it. To be called once there is a network, after each boot.
//   ESP_OK             sent, and erased
//   ESP_ERR_NOT_FOUND  there is none
//   ESP_ERR_INVALID_RESPONSE  refused for good, and erased
//   anything else      it is still there: try again at the next boot, or after *retry_after seconds
esp_err_t coredepot_upload_core_dump(const coredepot_config_t *config, int *retry_after);

// Fetches the firmware that the server has for this device's model, if it is another than the one that
// runs, and goes on where it was when the connection breaks.
//   ESP_OK             it is written and will be booted next: call esp_restart() when it suits
//   ESP_ERR_NOT_FOUND  the running one is the current one, or the server has none
//   anything else      nothing has changed
esp_err_t coredepot_update_firmware(const coredepot_config_t *config);

#ifdef __cplusplus
}
#endif
