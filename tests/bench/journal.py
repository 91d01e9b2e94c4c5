"""A journal as in production, for handlers to log to: journald itself, in our mount namespace.

It stores what it gets on the volume that is measured. It drops nothing. By default it would take 10 000 lines of a unit
in 30 s and drop the rest, which is cheap; no load in the field reaches that.
"""

import os
import pathlib
import subprocess
import time

from child import Child

PROGRAM = pathlib.Path("/lib/systemd/systemd-journald")
SOCKETS = pathlib.Path("/run/systemd/journal")
CONF = "[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\nForwardToSyslog=no\nReadKMsg=no\nAudit=no\n"


def can_run():
    return PROGRAM.exists() and os.environ.get("BENCH_NAMESPACE") == "own"


class Journal:
    """Runs until stop(). Its files are in `folder`."""

    def __init__(self, folder, log):
        folder.mkdir(parents=True)
        self.folder = folder
        for path in ("/etc/systemd/journald.conf.d", SOCKETS):
            pathlib.Path(path).mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "bench", path], check=True)
        pathlib.Path("/var/log/journal").mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "--bind", folder, "/var/log/journal"], check=True)
        pathlib.Path("/etc/systemd/journald.conf.d/bench.conf").write_text(CONF)
        (SOCKETS / "flushed").touch()  # makes it write to disk at once
        self.server = Child([PROGRAM], log)
        until = time.monotonic() + 30
        while not (SOCKETS / "stdout").exists():
            self.server.expect_alive()
            if time.monotonic() > until:
                raise RuntimeError("journald does not listen")
            time.sleep(0.05)

    def process(self):
        return self.server.process.pid

    def of(self, program):
        """Everything that this program has logged."""
        return subprocess.run(["journalctl", "--directory", self.folder, "--identifier", f"coredepot-{program}",
                               "--output=cat", "--quiet"],
                              text=True, check=True, stdout=subprocess.PIPE).stdout

    def stop(self):
        self.server.stop()
        for path in ("/var/log/journal", SOCKETS, "/etc/systemd/journald.conf.d"):
            subprocess.run(["umount", path], check=False)
