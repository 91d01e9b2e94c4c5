// What both requests have in common.
#pragma once

#include <stdbool.h>

#include "coredepot.h"
#include "esp_http_client.h"

// What the headers of the server's answer say.
typedef struct {
    char etag[80];         // with its quotes: 64 hex digits
    long long range_start; // of a 206; -1: none
    int retry_after;       // seconds; 0: the server did not say
} coredepot_answer_t;

// Returns a client for base_url, `path` (without a query) and `query`, with the token. NULL: no token, or no
// memory. It fills `answer` in while the answer arrives.
esp_http_client_handle_t coredepot_client(const coredepot_config_t *config, const char *path,
                                          const char *query, coredepot_answer_t *answer);

// For a value in a query: a version may have "+" or spaces ("1.4.2+7"), which mean something else there.
void coredepot_percent_encode(const char *text, char *encoded, size_t size);

// Whether to try again with the same bytes: the server was not there, is busy, or does not know us yet.
bool coredepot_is_temporary(int status);
