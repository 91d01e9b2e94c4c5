#include "coredepot_http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "esp_crt_bundle.h"

static esp_err_t on_event(esp_http_client_event_t *event)
{
    coredepot_answer_t *answer = event->user_data;
    if (event->event_id != HTTP_EVENT_ON_HEADER) return ESP_OK;
    if (strcasecmp(event->header_key, "ETag") == 0) {
        snprintf(answer->etag, sizeof answer->etag, "%s", event->header_value);
    } else if (strcasecmp(event->header_key, "Content-Range") == 0) {
        sscanf(event->header_value, "bytes %lld-", &answer->range_start);
    } else if (strcasecmp(event->header_key, "Retry-After") == 0) {
        answer->retry_after = atoi(event->header_value);
    }
    return ESP_OK;
}

esp_http_client_handle_t coredepot_client(const coredepot_config_t *config, const char *path,
                                          const char *query, coredepot_answer_t *answer)
{
    *answer = (coredepot_answer_t){.range_start = -1};
    const char *token = config->token ? config->token() : NULL;
    if (!token && !config->device_key) return NULL;

    char url[384];
    int length = snprintf(url, sizeof url, "%s%s%s%s", config->base_url, path, *query ? "?" : "", query);
    if (!token && length > 0 && (size_t)length < sizeof url) {
        length += snprintf(url + length, sizeof url - (size_t)length, "%cdevice_key=%s", *query ? '&' : '?',
                           config->device_key);
    }
    if (length < 0 || (size_t)length >= sizeof url) return NULL;

    const esp_http_client_config_t http = {
        .url = url,
        .cert_pem = config->ca_pem,
        .crt_bundle_attach = config->ca_pem ? NULL : esp_crt_bundle_attach,
        .timeout_ms = 20000,
        // The request line and headers have to fit. A token alone has 1 to 2 KB; the default is 512 bytes.
        .buffer_size_tx = 4096,
        // For the answer's headers, and for each read.
        .buffer_size = 2048,
        .event_handler = on_event,
        .user_data = answer,
    };
    esp_http_client_handle_t client = esp_http_client_init(&http);
    if (client && token) {
        const size_t size = strlen(token) + sizeof "Bearer ";
        char *header = malloc(size);
        if (!header) {
            esp_http_client_cleanup(client);
            return NULL;
        }
        snprintf(header, size, "Bearer %s", token);
        esp_http_client_set_header(client, "Authorization", header);
        free(header);
    }
    return client;
}

void coredepot_percent_encode(const char *text, char *encoded, size_t size)
{
    size_t length = 0;
    for (; *text && length + 4 <= size; ++text) {
        const bool plain = isalnum((unsigned char)*text) || strchr("-._~", *text);
        length += (size_t)snprintf(encoded + length, size - length, plain ? "%c" : "%%%02X",
                                   (unsigned char)*text);
    }
    encoded[length] = '\0';
}

bool coredepot_is_temporary(int status)
{
    // 401 and 403: the token has run out, the clock is not set, or the device is not registered yet.
    // 404: the server does not know the device yet.
    return status == 401 || status == 403 || status == 404 || status == 408 || status == 429 || status >= 500;
}
