"""A database that has grown: many devices with ten core dumps each. A tenth are PENDING, the others are counted."""

import os

import issues

DUMPS = 10  # per device, so that retention has nothing to do until it uploads ten more
MODEL = "growth"

# Runs as the server's superuser, who may leave foreign keys unchecked: they are right.
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


# Writes a fleet's years in minutes: nothing is synced and no index is maintained until everything is there. The
# server's settings apply to all of its connections, and are reset afterwards.
SERVER = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "'8GB'"}
SESSION = "SET work_mem = '1GB'; SET maintenance_work_mem = '1GB'"
# REINDEX makes these ready again, as it does after a failed CREATE INDEX CONCURRENTLY.
NO_INDEXES = """
    UPDATE pg_index SET indisready = false, indisvalid = false
     WHERE indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace =
                          (SELECT relnamespace FROM pg_class WHERE oid = 'coredumps'::regclass))
    RETURNING indrelid::regclass::text"""


def key_of(device):
    """The key of the device with this ID."""
    return f"g{device:07}"


def fill(database, devices, signatures):
    """Must run as the superuser, while nobody else uses the database."""
    with database.cursor() as cursor:
        for name, value in SERVER.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute(SESSION)
        cursor.execute("BEGIN")  # nobody may see half of it, such as core dumps that are not counted yet
        cursor.execute(NO_INDEXES)
        tables = sorted({table for table, in cursor.fetchall()})
        cursor.execute(FILL, {"devices": devices, "signatures": signatures})
        issues.fill(database, issues.OF_COREDUMPS, model=MODEL, signatures=signatures)
        for table in tables:
            cursor.execute(f"REINDEX TABLE {table}")
        cursor.execute("COMMIT")
        cursor.execute("SELECT count_coredumps()")
        # Autovacuum would have done this by the time there are so many. Nothing of it must be left to do
        # during the measurement.
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
        cursor.execute("CHECKPOINT")
        # The kernel still holds what was not synced so far.
        os.sync()
        cursor.execute("ALTER SYSTEM RESET ALL")
        cursor.execute("SELECT pg_reload_conf()")


def newest_coredumps(database, devices):
    """The ID and the filename of a core dump of each device."""
    with database.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (device_id) device_id, id, filename FROM coredumps "
                       "WHERE device_id = ANY (%s) ORDER BY device_id, uploaded_at DESC", (devices,))
        return {device: (id, filename) for device, id, filename in cursor.fetchall()}
