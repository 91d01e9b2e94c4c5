"""The database alone: the upload's transaction in pgbench, as durable as it is in production."""

import pathlib
import re
import subprocess
import tempfile

import statements
from figures import Failed, Figures, percentile

CLIENTS = 8  # as many as there are upload processes
KEEP = 20    # MAX_COREDUMPS' default

# No two clients have the same device.
CHOOSE_DEVICE = r"\set device :first + :client_id + :clients * random(0, :devices / :clients - 1)"


def script():
    """What an upload does in the database, and nothing else: one call of the function, committed."""
    now = "clock_timestamp()"
    filename = f"""'coredump_' || to_char({now} AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp'"""
    return CHOOSE_DEVICE + statements.with_expressions(
        "record_coredump", "300000000", "0", ":device", filename, "'esp32c3'", "'1.0.0'", "65536",
        "encode(sha256(uuid_send(gen_random_uuid())), 'hex')", f"extract(epoch FROM {now}) * 1000000",
        "NULL", "false", KEEP) + ";\n"


class Transaction:
    """`first` and `devices` say which ids are its own."""

    def __init__(self, url, first, devices):
        self.url, self.first, self.devices = url, first, devices

    def measure(self, seconds):
        with tempfile.TemporaryDirectory(prefix="coredepot-pgbench.") as name:
            folder = pathlib.Path(name)
            (folder / "script").write_text(script())
            command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
                       f"--time={seconds}", f"--file={folder}/script", f"--define=first={self.first}",
                       f"--define=clients={CLIENTS}", f"--define=devices={self.devices}",
                       "--log", f"--log-prefix={folder}/log", self.url]
            done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  check=False)
            # client, transaction, microseconds, …
            taken = [int(line.split()[2]) / 1000
                     for log in folder.glob("log*") for line in log.read_text().splitlines()]
        rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        if done.returncode != 0 or not rate or not taken:
            raise Failed(f"pgbench: {done.stdout}{done.stderr}")
        return Figures(float(rate[1]), percentile(taken, 50), percentile(taken, 99))
