"""The disk alone: several processes do the file work of an upload. See disk_writes.cpp."""

import json
import subprocess

from figures import Figures


class Disk:
    def __init__(self, build, folder, processes, size):
        self.command = [build / "tests/bench/disk_writes", folder, processes]
        self.size = size

    def measure(self, seconds):
        command = [str(word) for word in (*self.command, seconds, self.size)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        return Figures(**json.loads(said))
