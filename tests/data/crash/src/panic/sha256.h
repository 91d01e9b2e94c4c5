// SPDX-License-Identifier: MIT
// SHA-256, FIPS 180-4.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

struct sha256 {
    uint32_t state[8];
    uint32_t length; // bytes so far; a dump is far below 512 MiB
    uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_update(struct sha256 *sha, const void *data, size_t length);
void sha256_finish(struct sha256 *sha, uint8_t digest[SHA256_BYTES]);
