"""The database alone: one transaction in pgbench, as durable as it is in production."""

import pathlib
import re
import subprocess
import tempfile

import statements
from figures import Failed, Figures, percentile

CLIENTS = 8  # as many as there are upload processes

# No two clients use the same device.
CHOOSE_DEVICE = r"\set device :first + :client_id + :clients * random(0, :devices / :clients - 1)"


def upload(keep):
    """What an upload does in the database, and nothing else: one call of the function, committed."""
    now = "clock_timestamp()"
    filename = f"""'coredump_' || to_char({now} AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp'"""
    return CHOOSE_DEVICE + statements.with_expressions(
        "record_upload", "300000000", "0", ":device", "NULL", "NULL", filename, "'esp32c3'", "'1.0.0'", "65536",
        "encode(sha256(uuid_send(gen_random_uuid())), 'hex')", f"microseconds({now})", keep, "NULL") + ";\n"


class Pgbench:
    """Several clients run `text` again and again. `variables` are the variables in it."""

    def __init__(self, url, text, **variables):
        self.url, self.text = url, text
        self.variables = {"clients": CLIENTS, **variables}

    def measure(self, seconds):
        with tempfile.TemporaryDirectory(prefix="coredepot-pgbench.") as name:
            folder = pathlib.Path(name)
            (folder / "script").write_text(self.text)
            command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
                       f"--time={seconds}", f"--file={folder}/script", "--log",
                       f"--log-prefix={folder}/log",
                       *(f"--define={name}={value}" for name, value in self.variables.items()), self.url]
            done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  check=False)
            # client, transaction, microseconds, …
            taken = [int(line.split()[2]) / 1000
                     for log in folder.glob("log*") for line in log.read_text().splitlines()]
        rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        if done.returncode != 0 or not rate or not taken:
            raise Failed(f"pgbench: {done.stdout}{done.stderr}")
        return Figures(float(rate[1]), percentile(taken, 50), percentile(taken, 99))


class Transaction(Pgbench):
    """The transaction of an upload. `first` and `devices` say which IDs it may use, `keep` how many core dumps each
    device has."""

    def __init__(self, url, first, devices, keep):
        super().__init__(url, upload(keep), first=first, devices=devices)


class Claims(Pgbench):
    """The transaction of the parse queue: each takes the oldest core dump that nobody has, and gives it back."""

    def __init__(self, url):
        claim = statements.with_expressions("claim_coredump", "600", "'bench'", "false")
        super().__init__(url, f"BEGIN;\n{claim};\nROLLBACK;\n")
