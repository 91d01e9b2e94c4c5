"""What counting adds to recording the result of a parse: the same result is recorded in four ways.

It works like a runner, except for the decoding: each call is a transaction and ends the lease of another core dump.
"""

import json
import pathlib
import time

import bodies
import statements
from figures import Failed, Figures, percentile

KNOWN = 1000     # signatures that are already known
BATCH = 200      # core dumps that are made at a time, while the clock stands still
LEASE = "'00000000-0000-0000-0000-000000000001'"

# How results were recorded before there were issues: nothing is counted, and the commit waits for the disk.
BEFORE_ISSUES = """
    UPDATE coredumps
       SET parse_status = 'PARSED', parsed_output = $3, signature = $4, title = $5, report = $6::json,
           parsed_at = now(), updated_at = now(), lease = NULL, last_error = NULL
     WHERE id = $1 AND lease = $2::uuid
    RETURNING true AS recorded"""

# The name of each way, and the signature of the n-th core dump.
WAYS = {
    "as before issues": "'known-' || $2",
    "not counted": "NULL",
    "known signature": f"'known-' || $2 % {KNOWN}",
    "new signature": "'new-' || $2",
}

LEASED = f"""
    INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at, lease, attempts)
    SELECT %s + (%s + n) %% %s,
           'coredump_' || to_char(now() + n * interval '1 us', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp', 'esp32c3',
           '1.0.0', 65536, now(), {LEASE}, 1
      FROM generate_series(1, {BATCH}) n RETURNING id"""


class Recording:
    """`way` is one of WAYS. `devices` must be of one model and used for nothing else. `result` is the text and the
    report. `rate` is the number of results in a second of the server's CPU time. So it does not include waits for a
    core, which would measure other load."""

    _numbers = iter(range(1, 1 << 60))

    def __init__(self, stack, devices, way, result):
        self.owner, self.devices = stack.database(), devices
        self.writer = stack.database("coredepot_writer")
        self._prepare(way, stack.source, *result)

    def _prepare(self, way, checkout, output, report):
        counted = {name: value for name, value in json.loads(report).items() if name in ("elf_verified", "crash")}
        with self.owner.cursor() as cursor:
            cursor.execute("SELECT device_model_id FROM devices WHERE id = %s", (self.devices[0].id,))
            model = cursor.fetchone()[0]
        before_issues = way == "as before issues"
        # Packed, unless the checkout does not pack results yet.
        packs = not before_issues and "$11" in statements.all_statements(checkout)["record_parsed"]
        values = ["$1", LEASE, "NULL" if packs else "(SELECT output FROM result)", WAYS[way], "'Abort in f (f.c:17)'",
                  "NULL" if packs else "(SELECT report FROM result)"]
        if before_issues:
            text = statements.substitute(BEFORE_ISSUES, values)
        else:
            values += ["(SELECT counted FROM result)", "'1.0.0'", str(model), "0", "(SELECT packed FROM result)"]
            text = statements.with_expressions("record_parsed", *values, checkout=checkout)
        with self.writer.cursor() as cursor:
            # As in shared/db/session.cpp.
            cursor.execute("SET jit = off; SET enable_seqscan = off")
            # As text, so that the server reads it as JSON for each result, as it reads a runner's parameters.
            cursor.execute("CREATE TEMP TABLE result AS SELECT %s::text AS output, %s::text AS report, %s::text AS counted, "
                           "%s::text AS packed",
                           (output, report, json.dumps(counted), bodies.packed_result(output, report).hex()))
            cursor.execute(f"PREPARE record (bigint, bigint) AS {text}")
            cursor.execute("SELECT pg_backend_pid()")
            self.usage = pathlib.Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def measure(self, seconds):
        taken, used, end = [], 0, time.monotonic() + seconds
        while not taken or time.monotonic() < end:
            ids = self._lease_some()
            before = self._cpu_seconds()
            taken += [self._record(id) for id in ids]
            used += self._cpu_seconds() - before
        with self.owner.cursor() as cursor:
            cursor.execute("DELETE FROM coredumps WHERE device_id BETWEEN %s AND %s",
                           (self.devices[0].id, self.devices[-1].id))
            cursor.execute("VACUUM ANALYZE")  # otherwise autovacuum would do it while others are measured
        return Figures(len(taken) / used, percentile(taken, 50), percentile(taken, 99))

    def _lease_some(self):
        with self.owner.cursor() as cursor:
            cursor.execute(LEASED, (self.devices[0].id, next(self._numbers), len(self.devices)))
            return [id for id, in cursor.fetchall()]

    def _record(self, id):
        """The time of one call in milliseconds."""
        started = time.monotonic()
        with self.writer.cursor() as cursor:
            cursor.execute("EXECUTE record (%s, %s)", (id, next(self._numbers)))
            if cursor.fetchall() != [(True,)]:
                raise Failed("a result was not recorded")
        return (time.monotonic() - started) * 1000

    def _cpu_seconds(self):
        return int(self.usage.read_text().split()[0]) / 1e9
