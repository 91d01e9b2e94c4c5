"""How soon a core dump is decoded, and how many are decoded in a second.

Uses the crash of tests/data/crash, with the device and firmware that it comes from, on a stack whose
runner works and that has no other load.
"""

import shutil
import subprocess
import time

import bodies
from figures import Failed, Figures, percentile
from fleet import Fleet
from load import Load, Request
from stack import call, call_json

MODEL, VERSION, CHIP = "thermostat", "1.4.2", "esp32c3"
UPLOAD = f"/api/iot/coredump?chip={CHIP}&firmware_version={VERSION}"
DUMPS = 20  # per device; the default of MAX_COREDUMPS


# The function that records a result, and a replacement for it that counts nothing.
RECORDS = "FROM pg_proc WHERE proname = 'record_parse' ORDER BY pronargs DESC LIMIT 1"
RECORD_PARSE = f"SELECT pg_get_functiondef(oid) {RECORDS}"
UNCOUNTED = f"""
    SELECT format($$CREATE OR REPLACE FUNCTION record_parse(%s) RETURNS boolean LANGUAGE plpgsql AS $body$
      BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        UPDATE coredumps
           SET parse_status = 'PARSED', parsed_output = coalesce($3, ''), signature = $4, title = $5, report = $6,
               packed_result = $11, parsed_at = now(), updated_at = now(), lease = NULL, last_error = NULL
         WHERE id = $1 AND lease = $2;
        RETURN found;
      END $body$ $$, pg_get_function_arguments(oid)) {RECORDS}"""


def bundle(folder):
    """The firmware bundle of the crash."""
    packed = folder / f"{MODEL}.zip"
    files = [bodies.CRASH / name for name in ("thermostat.bin", "thermostat.elf", "thermostat.map", "sdkconfig",
                                              "version.json")]
    subprocess.run(["zip", "-q", "-j", "-X", packed, *files], check=True)
    return packed


class Parsing:
    def __init__(self, stack, issuer, work, devices):
        self.stack, self.issuer = stack, issuer
        self.fleet = Fleet(MODEL, devices)
        self.dump = (bodies.CRASH / "coredump.bin").read_bytes()
        self.database = stack.database()
        self.fleet.register(self.database)
        call("POST", f"{stack.url}/api/pipeline/models/{MODEL}/firmware", issuer.admin(),
             bundle(work).read_bytes())

    def until_parsed(self, samples, seconds):
        """Measures the milliseconds from the answer to an upload until its detail says PARSED, one upload after
        the other: at most `samples`, for at most `seconds`. `rate` is the number of uploads."""
        taken, end = [], time.monotonic() + seconds
        admin = self.issuer.admin()
        while len(taken) < samples and (not taken or time.monotonic() < end):
            device = self.fleet.devices[len(taken) % len(self.fleet.devices)]
            answer = self._upload(device)
            answered = time.monotonic()
            self._wait_parsed(f"{device.coredumps_path()}/{answer['coredump_id']}", admin)
            taken.append((time.monotonic() - answered) * 1000)
            # Start anywhere between two looks of a timer, not always just after one.
            time.sleep(0.1 * (len(taken) * 0.618 % 1))
        return Figures(len(taken), percentile(taken, 50), percentile(taken, 99))

    def _upload(self, device):
        token = self.issuer.device(device.model, device.key)
        return call_json("POST", self.stack.url + UPLOAD, token, self.dump)

    def _wait_parsed(self, path, token):
        until = time.monotonic() + 60
        while True:
            detail = call_json("GET", self.stack.url + path, token)
            if detail["parse_status"] == "PARSED":
                return
            if detail["parse_status"] == "ERROR" or time.monotonic() > until:
                raise Failed(f"{path}: {detail['parse_status']}: {detail['parsed_output']}")
            time.sleep(0.005)

    def fill(self, dumps=DUMPS):
        """Uploads `dumps` core dumps of each device, and waits until all are parsed."""
        for device in self.fleet.devices:
            for _ in range(dumps):
                self._upload(device)
        self._wait_drained()

    def throughput(self):
        """Core dumps per second, from the first to the last result, when all fall due at once."""
        self._execute("SELECT requeue_coredumps(array_agg(id)) FROM coredumps")
        self._wait_drained()
        # Only the time between two results is known, so the time of the first one is not included.
        count, seconds = self._execute(
            "SELECT count(*) - 1, extract(epoch FROM max(parsed_at) - min(parsed_at))::float8 "
            "FROM coredumps WHERE parse_status = 'PARSED'", "one")
        return Figures(count / seconds)

    def first_parses(self, counted):
        """The same when none of them was counted before. Without `counted`, none is counted now either."""
        self._execute("DELETE FROM occurrences")
        if counted:
            return self.throughput()
        function = self._execute(RECORD_PARSE, "one")[0]
        self._execute(self._execute(UNCOUNTED, "one")[0])
        try:
            return self.throughput()
        finally:
            self._execute(function)

    def _wait_drained(self):
        until = time.monotonic() + 120
        while self._execute("SELECT EXISTS (SELECT FROM coredumps WHERE parse_status = 'PENDING')",
                            "one")[0]:
            if time.monotonic() > until:
                raise Failed("the queue is not drained")
            time.sleep(0.05)
        errors = self._execute("SELECT count(*) FROM coredumps WHERE parse_status = 'ERROR'", "one")[0]
        if errors:
            raise Failed(f"{errors} core dumps were not parsed")

    def decode(self, seconds):
        """Asks the sidecar for the same core dump again and again, one at a time: its ELF index is warm."""
        folder = self.stack.state / "xfer"
        shutil.copy(bodies.CRASH / "coredump.bin", folder / "bench.dmp")
        shutil.copy(bodies.CRASH / "thermostat.elf", folder / "bench.elf")
        path = f"/parse-coredump?core=bench.dmp&elf=bench.elf&chip={CHIP}"
        return Load(self.stack.sidecar_url(), [Request("GET", path)], 1).measure(seconds)

    def _execute(self, statement, rows=None):
        with self.database.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if rows else None
