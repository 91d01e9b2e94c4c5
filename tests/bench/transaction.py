"""The database alone: the upload's transaction in pgbench, as durable as it is in production."""

import pathlib
import re
import subprocess
import tempfile

from figures import Failed, Figures, percentile

SCRIPT = pathlib.Path(__file__).with_name("upload_transaction.sql")
CLIENTS = 8  # as many as there are upload processes


class Transaction:
    """`first` and `devices` say which ids are its own."""

    def __init__(self, url, first, devices):
        self.url, self.first, self.devices = url, first, devices

    def measure(self, seconds):
        with tempfile.TemporaryDirectory(prefix="coredepot-pgbench.") as folder:
            command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
                       f"--time={seconds}", f"--file={SCRIPT}", f"--define=first={self.first}",
                       f"--define=clients={CLIENTS}", f"--define=devices={self.devices}",
                       "--log", f"--log-prefix={folder}/log", self.url]
            done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  check=False)
            # client, transaction, microseconds, …
            taken = [int(line.split()[2]) / 1000
                     for log in pathlib.Path(folder).iterdir() for line in log.open()]
        rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        failed = re.search(r"^number of failed transactions: ([0-9]+)", done.stdout, re.MULTILINE)
        if done.returncode != 0 or not rate or not taken or (failed and failed[1] != "0"):
            raise Failed(f"pgbench: {done.stdout}{done.stderr}")
        return Figures(float(rate[1]), percentile(taken, 50), percentile(taken, 99))
