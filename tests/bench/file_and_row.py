"""What an upload must do, and nothing else: the limit for uploads. See file_and_row.cpp."""

import json
import subprocess

import statements
from figures import Figures

THREADS = 8  # as many as there are upload processes


class FileAndRow:
    """Uploads for the devices of `fleet`, whose folders are in `folder`. Each keeps `keep` core dumps."""

    def __init__(self, build, folder, url, fleet, size, keep):
        self.command = [build / "tests/bench/file_and_row", folder, url, statement(size, keep), THREADS]
        self.size, self.first, self.devices = size, fleet.devices[0].id, len(fleet.devices)

    def measure(self, seconds):
        command = [*self.command, seconds, self.size, self.first, self.devices]
        said = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout
        return Figures(**json.loads(said))


def statement(size, keep):
    """Coredepot's own statement, for a device ($1), a file name ($2), a SHA-256 ($3) and a time ($4)."""
    return statements.with_expressions(
        "record_upload", "300000000", "0", "$1::bigint", "NULL", "NULL", "$2::text", "'esp32c3'", "'1.0.0'", size,
        "$3::text", "$4::bigint", keep, "NULL")
