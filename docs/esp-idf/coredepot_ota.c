#include <stdio.h>
#include <string.h>

#include "coredepot.h"
#include "coredepot_http.h"
#include "esp_log.h"
#include "esp_ota_ops.h"

static const char *TAG = "coredepot";

#define PIECE 4096
#define ATTEMPTS 10

typedef struct {
    const esp_partition_t *partition;
    esp_ota_handle_t handle;  // 0: not begun
    size_t written;
    char etag[80];  // of the image that is being written
} download_t;

static void start_over(download_t *download)
{
    if (download->handle) esp_ota_abort(download->handle);
    download->handle = 0;
    download->written = 0;
}

// Whether the server's current version differs from the running one. The answer is a small JSON object with
// one member: {"firmware_version": "1.4.2"}, or null. Saying what runs here lets the server count which version
// how many devices have.
static bool is_outdated(const coredepot_config_t *config)
{
    char version[160];
    coredepot_percent_encode(config->version, version, sizeof version);
    char query[176];
    snprintf(query, sizeof query, "running=%s", version);
    coredepot_answer_t answer;
    esp_http_client_handle_t client = coredepot_client(config, "/api/iot/firmware-version", query, &answer);
    if (!client) return false;
    char body[128] = "";
    int length = 0;
    if (esp_http_client_open(client, 0) == ESP_OK && esp_http_client_fetch_headers(client) >= 0 &&
        esp_http_client_get_status_code(client) == 200) {
        length = esp_http_client_read_response(client, body, sizeof body - 1);
    }
    esp_http_client_close(client);
    esp_http_client_cleanup(client);
    body[length > 0 ? length : 0] = '\0';

    const char *value = strchr(body, ':');
    value = value ? strchr(value, '"') : NULL;
    if (!value) return false;
    const size_t running = strlen(config->version);
    return strncmp(value + 1, config->version, running) != 0 || value[1 + running] != '"';
}

// Makes one request for the missing part. ESP_OK: the image is complete.
static esp_err_t fetch_rest(const coredepot_config_t *config, download_t *download)
{
    static char piece[PIECE];
    coredepot_answer_t answer;
    esp_http_client_handle_t client = coredepot_client(config, "/api/iot/firmware", "", &answer);
    if (!client) return ESP_ERR_INVALID_STATE;
    if (download->written > 0) {
        char range[40];
        snprintf(range, sizeof range, "bytes=%u-", (unsigned)download->written);
        esp_http_client_set_header(client, "Range", range);
        // Only of the very same image. Of another image the server sends all (200), so two never mix.
        esp_http_client_set_header(client, "If-Range", download->etag);
    }
    esp_err_t error = esp_http_client_open(client, 0);
    if (error == ESP_OK && esp_http_client_fetch_headers(client) < 0) error = ESP_ERR_HTTP_FETCH_HEADER;
    const int status = error == ESP_OK ? esp_http_client_get_status_code(client) : 0;

    if (status == 200) {
        start_over(download);
        snprintf(download->etag, sizeof download->etag, "%s", answer.etag);
        error = esp_ota_begin(download->partition, OTA_SIZE_UNKNOWN, &download->handle);
    } else if (status == 404) {
        error = ESP_ERR_NOT_FOUND;
    } else if (error == ESP_OK &&
               (status != 206 || answer.range_start != (long long)download->written)) {
        error = ESP_ERR_HTTP_CONNECT;  // the body of an error is not firmware
    }
    while (error == ESP_OK) {
        const int n = esp_http_client_read(client, piece, PIECE);
        if (n < 0 || (n == 0 && !esp_http_client_is_complete_data_received(client))) {
            error = ESP_ERR_HTTP_CONNECTION_CLOSED;
        } else if (n == 0) {
            break;
        } else {
            error = esp_ota_write(download->handle, piece, (size_t)n);
            if (error == ESP_OK) download->written += (size_t)n;
        }
    }
    esp_http_client_close(client);
    esp_http_client_cleanup(client);
    return error;
}

esp_err_t coredepot_update_firmware(const coredepot_config_t *config)
{
    if (!is_outdated(config)) return ESP_ERR_NOT_FOUND;
    download_t download = {.partition = esp_ota_get_next_update_partition(NULL)};
    if (!download.partition) return ESP_ERR_NOT_FOUND;

    esp_err_t error = ESP_FAIL;
    for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
        const size_t before = download.written;
        error = fetch_rest(config, &download);
        if (error == ESP_OK || error == ESP_ERR_NOT_FOUND) break;
        ESP_LOGW(TAG, "the download broke off at %u bytes: %s", (unsigned)download.written,
                 esp_err_to_name(error));
        if (download.written > before) attempt = 0;  // it makes progress, if slowly
    }
    if (error == ESP_OK) {
        // This checks the image: its magic, its SHA-256, and its signature if that is configured.
        error = esp_ota_end(download.handle);
        download.handle = 0;
    }
    if (error == ESP_OK) error = esp_ota_set_boot_partition(download.partition);
    if (download.handle) esp_ota_abort(download.handle);
    return error;
}
