// What both requests have in common.
#pragma once

#include <stdbool.h>

#include "coredepot.h"
#include "esp_http_client.h"

// What the server's answer says beside its body.
typedef struct {
    char etag[80];         // with its quotes: 64 hex digits
    long long range_start; // of a 206; -1: none
    int retry_after;       // seconds; 0: not said
} coredepot_answer_t;

// A client for base_url and `path`, which has no query yet, with the token. NULL: no token, or no memory.
// `answer` is filled in while the answer comes.
esp_http_client_handle_t coredepot_client(const coredepot_config_t *config, const char *path,
                                          const char *query, coredepot_answer_t *answer);

// Worth another try with the same bytes: the server was not there, is busy, or does not know us yet.
bool coredepot_is_temporary(int status);
