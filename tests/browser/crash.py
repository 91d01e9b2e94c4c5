"""Builds and core dumps made from the crash of our own (tests/data/crash).

A build is an ELF, and a core dump names the ELF that wrote it by a hash. So other bytes at the ELF's end, or
other names in its debug information, are another build, and its core dumps are those of the first with another
hash in them: as real as they were.
"""

import hashlib
import io
import json
import pathlib
import zipfile

CRASHES = pathlib.Path(__file__).resolve().parents[1] / "data/crash"
HASH_DIGITS = 9  # CONFIG_APP_RETRIEVE_LEN_ELF_SHA of tests/data/crash
CHECKSUM = 32    # SHA-256 at the end of a core dump of version 0x103

# What a core dump of tests/data/crash is of.
KINDS = ("store", "abort", "assert", "illegal", "interrupt", "overflow", "watchdog")


def _with_names(data, names):
    for name, other in names.items():
        if len(name) != len(other):
            raise ValueError(f"{name!r} and {other!r} must be of one length, or everything behind them would move")
        data = data.replace(name, other)
    return data


class Build:
    """A firmware version of a model.

    compiled   a folder of tests/data/crash with an ELF: "." (-Og), "rebuilt" (-O2, other lines), "size" (-Os), "lto"
    names      bytes of the ELF and of its core dumps that are others here, of the same length: of functions,
               files, tasks
    """

    def __init__(self, model, version, compiled=".", names=None):
        self.model = model
        self.version = version
        self._folder = CRASHES / compiled
        self._names = names or {}
        original = (self._folder / "thermostat.elf").read_bytes()
        self._original_hash = hashlib.sha256(original).hexdigest()
        self.elf = _with_names(original, self._names) + f"{model} {version}".encode()
        self._hash = hashlib.sha256(self.elf)

    def coredump(self, kind):
        """As a device sends it that ran this build and came to that end."""
        name = "coredump.bin" if kind == "store" else f"coredump_{kind}.bin"
        content = (self._folder / name).read_bytes()[:-CHECKSUM]
        before, after = (digest[:HASH_DIGITS].encode() for digest in (self._original_hash, self._hash.hexdigest()))
        if before not in content:
            raise ValueError(f"{name} does not name its ELF")
        content = _with_names(content.replace(before, after), self._names)
        return content + hashlib.sha256(content).digest()

    def bundle(self):
        """The ZIP that a pipeline uploads. Its image has only what Coredepot reads: esp_app_desc_t."""
        image = (b"\0" * 32 + b"\x32\x54\xcd\xab" + b"\0" * 12 + self.version.encode().ljust(128, b"\0") +
                 self._hash.digest() + b"\0" * 48)
        about = {"git_commit": "0" * 40, "idf_version": "v5.4", "firmware_version": self.version}
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(f"{self.model}.bin", image)
            bundle.writestr(f"{self.model}.elf", self.elf)
            bundle.writestr(f"{self.model}.map", "no map\n")
            bundle.writestr("sdkconfig", "# no sdkconfig\n")
            bundle.writestr("version.json", json.dumps(about))
        return result.getvalue()
