"""How much of their rate fast devices keep while many slow ones also send."""

import pathlib
import subprocess
import tempfile
import urllib.parse

from figures import Failed

PROGRAM = pathlib.Path(__file__).with_name("slow_devices.py")
BODY = 64 * 1024  # takes a minute to send, so that all of them send all the time


class BesideSlowDevices:
    """Measures `load` while `requests` are sent, each over its own connection."""

    def __init__(self, load, requests):
        self.load, self.requests = load, requests

    def measure(self, seconds):
        server = urllib.parse.urlsplit(self.load.url)
        with tempfile.NamedTemporaryFile("w", prefix="coredepot-slow.") as listing:
            listing.writelines(f"{one.path} {one.token}\n" for one in self.requests)
            listing.flush()
            slow = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", PROGRAM, server.hostname, str(server.port),
                 str(BODY), listing.name],
                stdout=subprocess.PIPE, text=True)
            try:
                if slow.stdout.readline() != "under way\n":
                    raise Failed("the slow devices did not get to send")
                figures = self.load.measure(seconds)
            finally:
                slow.terminate()
                ended = slow.wait()
        if ended != 0:
            raise Failed("a slow device was not served")
        return figures
