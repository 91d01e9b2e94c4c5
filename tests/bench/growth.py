"""A database that has grown: so many devices with ten core dumps each, a tenth of them PENDING, the others counted."""

import issues

DUMPS = 10  # of a device, so that retention has nothing to do until it uploads ten more
MODEL = "growth"

# Written as the server's superuser, who may leave foreign keys unchecked: they are right.
FILL = f"""
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    INSERT INTO device_models (code, name, device_count) VALUES ('{MODEL}', 'Growth', %(devices)s);
    INSERT INTO devices (id, key, device_model_id) OVERRIDING SYSTEM VALUE
    SELECT i, 'g' || lpad(i::text, 7, '0'), (SELECT id FROM device_models WHERE code = '{MODEL}')
      FROM generate_series(1, %(devices)s) i;
    -- One after the other in time, whosoever they are, as crashes come; over a hundred days.
    INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at, parse_status,
                           parsed_output, parsed_at, title, signature, report)
    SELECT 1 + n %% %(devices)s,
           'coredump_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp',
           'esp32c3', '1.0.0', 65536, at,
           CASE WHEN pending THEN 'PENDING' ELSE 'PARSED' END,
           CASE WHEN NOT pending THEN repeat('#0 0x42001234 in somewhere () at main.c:17. ', 5) END,
           CASE WHEN NOT pending THEN at END,
           CASE WHEN NOT pending THEN 'LoadProhibited in somewhere (main.c:17)' END,
           CASE WHEN NOT pending THEN 'bug-' || {issues.SIGNATURE_OF} END,
           CASE WHEN NOT pending THEN '{{"panic_reason": "LoadProhibited"}}'::json END
      FROM (SELECT n, n %% 10 = 0 AS pending,
                   now() - interval '100 days' * (1 - n / (%(devices)s::float8 * {DUMPS})) AS at
              FROM generate_series(0, %(devices)s::bigint * {DUMPS} - 1) n) AS rows;
"""


def key_of(device):
    """Of the device with this id."""
    return f"g{device:07}"


def fill(database, devices, signatures):
    with database.cursor() as cursor:
        cursor.execute(FILL, {"devices": devices, "signatures": signatures})
        issues.fill(database, issues.OF_COREDUMPS, model=MODEL, signatures=signatures)
        cursor.execute("SELECT count_coredumps()")
        # What autovacuum would have done by the time that there are so many; and nothing of it left
        # for the time of measuring.
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
        cursor.execute("CHECKPOINT")


def newest_coredumps(database, devices):
    """One of each, its id and filename."""
    with database.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (device_id) device_id, id, filename FROM coredumps "
                       "WHERE device_id = ANY (%s) ORDER BY device_id, uploaded_at DESC", (devices,))
        return {device: (id, filename) for device, id, filename in cursor.fetchall()}
