#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "coredepot.h"
#include "coredepot_http.h"
#include "esp_core_dump.h"
#include "esp_log.h"
#include "esp_partition.h"
#include "esp_rom_crc.h"

static const char *TAG = "coredepot";

#define PIECE 1024

// Names the core dump by its bytes, so that it has the same name after each boot. If the first answer gets
// lost and the device sends it again, it stays one record.
static esp_err_t name_core_dump(const esp_partition_t *partition, size_t offset, size_t size, char *name,
                                size_t name_size)
{
    static uint8_t piece[PIECE];
    uint32_t crc = 0;
    for (size_t done = 0; done < size; done += PIECE) {
        const size_t length = size - done < PIECE ? size - done : PIECE;
        const esp_err_t error = esp_partition_read(partition, offset + done, piece, length);
        if (error != ESP_OK) return error;
        crc = esp_rom_crc32_le(crc, piece, length);
    }
    snprintf(name, name_size, "%08" PRIx32 "-%u", crc, (unsigned)size);
    return ESP_OK;
}

static esp_err_t send_core_dump(esp_http_client_handle_t client, const esp_partition_t *partition,
                                size_t offset, size_t size)
{
    static uint8_t piece[PIECE];
    esp_err_t error = esp_http_client_open(client, (int)size);
    for (size_t done = 0; error == ESP_OK && done < size; done += PIECE) {
        const size_t length = size - done < PIECE ? size - done : PIECE;
        error = esp_partition_read(partition, offset + done, piece, length);
        for (size_t sent = 0; error == ESP_OK && sent < length;) {
            const int n = esp_http_client_write(client, (const char *)piece + sent, (int)(length - sent));
            if (n <= 0) error = ESP_ERR_HTTP_WRITE_DATA;
            else sent += (size_t)n;
        }
    }
    // The answer may come before everything was sent (413, 429). Read it all the same.
    const int64_t length = esp_http_client_fetch_headers(client);
    return length < 0 && error == ESP_OK ? ESP_ERR_HTTP_FETCH_HEADER : ESP_OK;
}

esp_err_t coredepot_upload_core_dump(const coredepot_config_t *config, int *retry_after)
{
    if (retry_after) *retry_after = 0;
    size_t address = 0;
    size_t size = 0;
    // This checks the checksum, so a damaged core dump is not sent.
    if (esp_core_dump_image_get(&address, &size) != ESP_OK || size == 0) return ESP_ERR_NOT_FOUND;
    const esp_partition_t *partition =
        esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_COREDUMP, NULL);
    if (!partition || address < partition->address) return ESP_ERR_NOT_FOUND;
    const size_t offset = address - partition->address;

    char name[32];
    esp_err_t error = name_core_dump(partition, offset, size, name, sizeof name);
    if (error != ESP_OK) return error;

    char version[160];
    coredepot_percent_encode(config->version, version, sizeof version);
    char query[224];
    snprintf(query, sizeof query, "chip=%s&firmware_version=%s", config->chip, version);
    coredepot_answer_t answer;
    esp_http_client_handle_t client = coredepot_client(config, "/api/iot/coredump", query, &answer);
    if (!client) return ESP_ERR_INVALID_STATE;
    esp_http_client_set_method(client, HTTP_METHOD_POST);
    esp_http_client_set_header(client, "Content-Type", "application/octet-stream");
    esp_http_client_set_header(client, "Idempotency-Key", name);
    error = send_core_dump(client, partition, offset, size);
    const int status = error == ESP_OK ? esp_http_client_get_status_code(client) : 0;
    esp_http_client_close(client);
    esp_http_client_cleanup(client);

    if (status == 201 || status == 202) {
        ESP_LOGI(TAG, "the core dump is sent");
        return esp_core_dump_image_erase();
    }
    if (status >= 400 && !coredepot_is_temporary(status)) {
        ESP_LOGE(TAG, "the server will never take this core dump: status %d", status);
        esp_core_dump_image_erase();
        return ESP_ERR_INVALID_RESPONSE;
    }
    ESP_LOGW(TAG, "the core dump is kept for another try: status %d, %s", status, esp_err_to_name(error));
    if (retry_after) *retry_after = answer.retry_after;
    return error == ESP_OK ? ESP_FAIL : error;
}
