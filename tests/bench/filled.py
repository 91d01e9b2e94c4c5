"""What exists before anything is measured."""

import subprocess

import bodies
import issues
import measurements
from fleet import VERSION
from stack import call

LISTED = 20  # core dumps of each device that is read


class Filled:
    """A stack's database and folders: devices with as many core dumps as they keep, firmware, and issues. Each device
    that is read has one decoded core dump: `coredumps` are the IDs of these. `issues` are the IDs of some issues, and
    `result` is the result of decoding."""

    def __init__(self, stack, issuer, fleets, build):
        self.fleets, self.database = fleets, stack.database()
        for fleet in fleets.all():
            fleet.register(self.database)
        folder, small = stack.state / "coredumps", bodies.dump(bodies.KILOBYTES_64)
        fleets.small.fill(self.database, folder, small, measurements.KEEP)
        fleets.large.fill(self.database, folder, bodies.dump(bodies.MEGABYTE), measurements.KEEP)
        fleets.read.fill(self.database, folder, small, LISTED)
        call("POST", f"{stack.url}/api/pipeline/models/{fleets.firmware.model}/firmware", issuer.admin(),
             bodies.bundle(fleets.firmware.model, VERSION))
        self.result = decode(build)
        self.coredumps = self._parse_newest()
        issues.fill(stack.database("postgres"), issues.MADE_UP, model=fleets.read.model, signatures=fleets.signatures,
                    devices=10_000, coredumps=10 * fleets.signatures)
        self.issues = issues.some(self.database, 100)
        with stack.database("postgres").cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it would be after a day

    def _parse_newest(self):
        first, last = self.fleets.read.devices[0].id, self.fleets.read.devices[-1].id
        with self.database.cursor() as cursor:
            cursor.execute("UPDATE coredumps SET parse_status = 'PARSED', parsed_output = %s, report = %s, "
                           "title = 'a crash', parsed_at = now() WHERE id IN (SELECT DISTINCT ON (device_id) id "
                           "FROM coredumps WHERE device_id BETWEEN %s AND %s ORDER BY device_id, uploaded_at DESC) "
                           "RETURNING device_id, id", (*self.result, first, last))
            ids = [id for _, id in sorted(cursor.fetchall())]
            # The other checkout may not pack results yet.
            cursor.execute("SELECT FROM pg_attribute WHERE attrelid = 'coredumps'::regclass AND attname = 'packed_result'")
            if cursor.rowcount:
                cursor.execute("UPDATE coredumps SET packed_result = %s, parsed_output = '', report = NULL "
                               "WHERE id = ANY (%s)", (bodies.packed_result(*self.result), ids))
            return ids

    def fill_peer(self, folder):
        self.fleets.peer_small.fill(self.database, folder, bodies.dump(bodies.KILOBYTES_64), measurements.KEEP)
        self.fleets.peer_large.fill(self.database, folder, bodies.dump(bodies.MEGABYTE), measurements.KEEP)

    def fill_limit(self, folder):
        """Also fills the database for the transaction alone, which has no files."""
        self.fleets.limit.fill(self.database, folder, bodies.dump(bodies.KILOBYTES_64), measurements.KEEP)
        self.fleets.limit_large.fill(self.database, folder, bodies.dump(bodies.MEGABYTE), measurements.KEEP)
        self.fleets.transaction.fill(self.database, None, b"x" * bodies.KILOBYTES_64, measurements.KEEP)


def decode(build):
    """The text and the report of a decoded core dump."""
    command = [build / "handlers/coredepot-decode", bodies.CRASH / "coredump.bin", bodies.CRASH / "thermostat.elf"]
    return tuple(subprocess.run([*command, *more], check=True, stdout=subprocess.PIPE, text=True).stdout
                 for more in ([], ["--json"]))
