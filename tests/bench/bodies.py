"""Bodies of requests, in the sizes that are measured."""

import gzip
import io
import json
import pathlib
import random
import zipfile

KILOBYTES_64 = 64 * 1024
MEGABYTE = 1024 * 1024
FIRMWARE = 2 * MEGABYTE
RANGE = 4096

CRASH = pathlib.Path(__file__).parents[1] / "data/crash"


def dump(size):
    """A core dump good enough for an upload, which does not look into it."""
    return random.Random(size).randbytes(size)


def image(version, size=FIRMWARE):
    """The parts of an application image that Coredepot reads: see shared/core/firmware/esp_image.hpp."""
    content = bytearray(dump(size))
    content[32:36] = (0xABCD5432).to_bytes(4, "little")
    content[48:80] = version.encode().ljust(32, b"\0")
    content[176:208] = bytes(32)  # the ELF's SHA-256: not known
    return bytes(content)


def bundle(code, version):
    """A firmware bundle with such an image."""
    files = {f"{code}.bin": image(version), f"{code}.elf": b"\x7fELF", f"{code}.map": b"", "sdkconfig": b"",
             "version.json": json.dumps({"git_commit": "0", "idf_version": "0",
                                         "firmware_version": version}).encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def packed_result(text, report):
    """The result of a parse, as it is recorded for answers: see shared/parse_result_json.hpp and gzip.hpp."""
    return gzip.compress(f',"parsed_output":{json.dumps(text)},"report":{report.strip()}}}'.encode(), 6, mtime=0)


def ranges(size=FIRMWARE, step=RANGE):
    """Splits a whole file into pieces, written as in the header Range."""
    return [f"{begin}-{min(begin + step, size) - 1}" for begin in range(0, size, step)]
