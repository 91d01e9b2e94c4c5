"""Processes that run beside the bench and end with it, however it ends."""

import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Child:
    """A long-running command. Its output goes to a file."""

    def __init__(self, command, log, env=None):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env)

    def expect_alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.process.args[4]} has ended: {self.last_words()}")

    def last_words(self):
        return self.log.read_text(errors="replace")[-2000:]

    def wait_for(self, url, patience=30):
        """Waits until it answers at this URL, whatever the answer is."""
        until = time.monotonic() + patience
        while True:
            self.expect_alive()
            try:
                urllib.request.urlopen(url, timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError as error:
                if time.monotonic() > until:
                    raise RuntimeError(f"{url}: {error}: {self.last_words()}") from error
            time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
