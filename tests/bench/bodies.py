"""Bytes of the sizes that are measured."""

import pathlib
import random

KILOBYTES_64 = 64 * 1024
MEGABYTE = 1024 * 1024
FIRMWARE = 2 * MEGABYTE
RANGE = 4096

CRASH = pathlib.Path(__file__).parents[1] / "data/crash"


def dump(size):
    """A core dump as far as an upload cares, which does not look into it."""
    return random.Random(size).randbytes(size)


def image(version, size=FIRMWARE):
    """An application image as far as Coredepot reads it: see "ESP image" in shared/core/esp_image.cpp."""
    content = bytearray(dump(size))
    content[32:36] = (0xABCD5432).to_bytes(4, "little")
    content[48:80] = version.encode().ljust(32, b"\0")
    content[176:208] = bytes(32)  # the ELF's SHA-256: not known
    return bytes(content)


def ranges(size=FIRMWARE, step=RANGE):
    """All of a file in pieces, as in the header Range."""
    return [f"{begin}-{min(begin + step, size) - 1}" for begin in range(0, size, step)]
