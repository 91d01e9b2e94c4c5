"""Issues as a fleet has them after a while: a few bugs cause most of the crashes, and most bugs are rare."""

VERSIONS = 20
ORDERS = ["last_seen", "first_seen", "devices", "occurrences"]
KINDS = "ARRAY['LoadProhibited', 'Abort', 'Stack overflow', 'Task watchdog', 'Illegal instruction']"

# The signature of the n-th core dump, from 1. With 100,000 signatures, the most frequent has a fiftieth of all.
SIGNATURE_OF = "1 + floor(%(signatures)s * power((n * 7919 %% 1000003) / 1000003.0, 3))::bigint"

# The core dumps to count: `n`, device, time.
OF_COREDUMPS = """
    SELECT id, substr(signature, 5)::bigint AS signature_id, device_id, uploaded_at AS at
      FROM coredumps WHERE parse_status = 'PARSED'
"""
# Counts without core dumps, but for devices with these IDs: a list of issues does not read any core dumps.
MADE_UP = f"""
    SELECT -n AS id, {SIGNATURE_OF} AS signature_id, 1 + n %% %(devices)s AS device_id,
           now() - n * interval '1 second' AS at
      FROM generate_series(1, %(coredumps)s::bigint) n
"""

# Runs as the server's superuser, who may leave foreign keys unchecked: they are right.
FILL = """
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    CREATE TEMP TABLE new_versions AS
      SELECT nextval(pg_get_serial_sequence('model_versions', 'id')) AS id, i
        FROM generate_series(0, {versions} - 1) i;
    CREATE TEMP TABLE first_ids AS
      SELECT coalesce((SELECT max(id) FROM issues), 0) AS issue,
             coalesce((SELECT max(id) FROM signatures), 0) AS signature,
             (SELECT id FROM device_models WHERE code = %(model)s) AS model,
             (SELECT min(id) FROM new_versions) AS version;
    INSERT INTO occurrences (coredump_id, signature_id, device_id, version_id, at, verified)
    SELECT c.id, f.signature + c.signature_id, c.device_id, f.version + abs(c.id) %% {versions}, c.at, c.id %% 50 <> 0
      FROM ({counted}) AS c, first_ids f;
    INSERT INTO signature_devices (signature_id, device_id, version_id, occurrences, verified, last_seen)
    SELECT signature_id, device_id, version_id, count(*), count(*) FILTER (WHERE verified), max(at)
      FROM occurrences GROUP BY 1, 2, 3;
    CREATE TEMP TABLE sums AS
      SELECT signature_id, count(*) AS occurrences, count(DISTINCT device_id) AS devices,
             count(*) FILTER (WHERE NOT verified) AS unverified, min(at) AS first_seen, max(at) AS last_seen,
             min(version_id) AS version_id
        FROM occurrences GROUP BY 1;
    INSERT INTO signatures (id, device_model_id, signature, issue_id, title, kind, functions, searched, occurrences,
                            devices, kept, unverified, first_seen, last_seen)
    OVERRIDING SYSTEM VALUE
    SELECT f.signature + i, f.model, 'bug-' || i, f.issue + i, title, kind, functions,
           title || ' ' || array_to_string(functions, ' '), s.occurrences, s.devices, s.occurrences, s.unverified,
           s.first_seen, s.last_seen
      FROM first_ids f CROSS JOIN generate_series(1, %(signatures)s) i
      JOIN sums s ON s.signature_id = f.signature + i
     CROSS JOIN LATERAL (SELECT ({kinds})[1 + i %% 5] AS kind,
                                ARRAY['handle_' || i, 'module_' || i %% 1000, 'app_main'] AS functions) AS crash
     CROSS JOIN LATERAL (SELECT kind || ' in handle_' || i || ' (module_' || i %% 1000 || '.c:17)' AS title) AS said;
    INSERT INTO issues (id, device_model_id, number, state, reason, resolved_at, new_version_id, title, kind, occurrences,
                        devices, kept, unverified, first_seen, last_seen)
    OVERRIDING SYSTEM VALUE
    SELECT s.issue_id, s.device_model_id, s.issue_id - f.issue, CASE WHEN is_resolved THEN 'resolved' ELSE 'open' END,
           CASE WHEN NOT is_resolved THEN 'new' END, CASE WHEN is_resolved THEN s.last_seen END, sums.version_id, s.title,
           s.kind, s.occurrences, s.devices, s.kept, s.unverified, s.first_seen, s.last_seen
      FROM signatures s JOIN sums ON sums.signature_id = s.id CROSS JOIN first_ids f
     CROSS JOIN LATERAL (SELECT s.id %% 3 = 0 AS is_resolved) AS triage;
    INSERT INTO issue_numbers (device_model_id, last_number) SELECT model, %(signatures)s FROM first_ids;
    INSERT INTO issue_history (issue_id, event) SELECT id, 'created' FROM issues;
    INSERT INTO issue_versions (issue_id, version_id, occurrences, verified, devices)
    SELECT s.issue_id, d.version_id, sum(d.occurrences), sum(d.verified), count(*)
      FROM signature_devices d JOIN signatures s ON s.id = d.signature_id GROUP BY 1, 2;
    INSERT INTO signature_hours (signature_id, hour, occurrences)
    SELECT signature_id, date_trunc('hour', at, 'UTC'), count(*)
      FROM occurrences WHERE at > now() - interval '14 days' GROUP BY 1, 2;
    INSERT INTO signature_days (signature_id, day, occurrences)
    SELECT signature_id, (at AT TIME ZONE 'UTC')::date, count(*) FROM occurrences GROUP BY 1, 2;
    INSERT INTO version_devices (version_id, device_id, occurrences)
    SELECT version_id, device_id, sum(occurrences) FROM signature_devices GROUP BY 1, 2;
    INSERT INTO model_versions (id, device_model_id, version, epoch, sort_key, uploaded_at, occurrences, devices)
    OVERRIDING SYSTEM VALUE
    SELECT v.id, f.model, '2.0.' || v.i, 1, version_sort_key('2.0.' || v.i), now(), coalesce(sum(d.occurrences), 0), count(d)
      FROM first_ids f CROSS JOIN new_versions v LEFT JOIN version_devices d ON d.version_id = v.id GROUP BY v.id, v.i, f.model;
    SELECT setval(pg_get_serial_sequence('issues', 'id'), (SELECT max(id) FROM issues)),
           setval(pg_get_serial_sequence('signatures', 'id'), (SELECT max(id) FROM signatures));
    RESET session_replication_role;
    RESET synchronous_commit;
"""


def fill(superuser, counted, **parameters):
    """Fills empty tables. `counted`: OF_COREDUMPS or MADE_UP. `parameters`: the model (its code) and the number of
    signatures; for MADE_UP also the numbers of devices and of coredumps."""
    text = FILL.format(versions=VERSIONS, kinds=KINDS, counted=counted)
    with superuser.cursor() as cursor:
        cursor.execute(text, parameters)


def some(database, count):
    """The IDs of `count` issues, from the most frequent to the rarest."""
    with database.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM (SELECT id, ntile(%s) OVER (ORDER BY occurrences DESC, id) AS place "
                       "FROM issues) AS i GROUP BY place", (count,))
        return [id for id, in cursor.fetchall()]
