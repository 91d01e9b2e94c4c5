"""What fast devices keep of their rate while many slow ones send as well."""

import pathlib
import subprocess
import tempfile
import urllib.parse

from figures import Failed

PROGRAM = pathlib.Path(__file__).with_name("slow_devices.py")
BODY = 64 * 1024  # a minute's sending: all of them are at it throughout


class BesideSlowDevices:
    """`load`, measured while `requests` are sent, each over a connection of its own."""

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
