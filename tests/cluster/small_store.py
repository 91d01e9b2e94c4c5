"""The tests' own object store in place of Ceph: one process, which keeps objects in a folder."""

import secrets
import sys

from child import Child
from host import SOURCE
from objects import Objects

PORT = 7483


class SmallStore:
    """As Ceph to those who use it, with one gateway that is all of it."""

    gateways = {"store": PORT}

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.access_key, self.secret_key = secrets.token_hex(10), secrets.token_hex(20)
        self.child = None

    def start(self):
        self.start_gateways()

    def start_gateways(self):
        self.child = Child("store", [
            sys.executable, SOURCE / "tests/support/s3_server.py", "--port", PORT, "--folder", self.folder / "objects",
            "--bucket", "coredepot", "--access-key", self.access_key, "--secret", self.secret_key],
                           self.folder / "store.log")
        self.child.wait_until("the store answers", Objects(PORT).is_there)

    def kill_gateways(self):
        self.child.kill()
