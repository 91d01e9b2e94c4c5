#!/usr/bin/python3
"""Encrypts and decrypts JWE by a library that is not ours.

    jose.py encrypt KEY HEADER TEXT    prints the message
    jose.py decrypt KEY MESSAGE        prints header and text, a line each

KEY is 256 bits as base64url, HEADER a JSON object.
"""

import sys

from jwcrypto import jwe, jwk

what, key, *rest = sys.argv[1:]
key = jwk.JWK(kty="oct", k=key)
if what == "encrypt":
    header, text = rest
    message = jwe.JWE(text.encode(), header)
    message.add_recipient(key)
    print(message.serialize(compact=True), end="")
else:
    message = jwe.JWE()
    message.deserialize(rest[0], key)
    print(message.objects["protected"])
    print(message.payload.decode(), end="")
