-- Revert coredepot:issues_in_one_row from pg

BEGIN;

-- As quick_counting, count_occurrence, quick_recounts and derived_sums have them.
CREATE OR REPLACE FUNCTION add_occurrence(
  dump bigint, of_issue bigint, of_signature bigint, device bigint, of_version bigint, uploaded timestamptz,
  is_verified boolean, is_new_to_version boolean
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH counted AS MATERIALIZED (
    SELECT coalesce(bool_or(d.signature_id = of_signature), false)::int AS in_signature,
           (count(*) > 0)::int AS in_issue, coalesce(bool_or(d.version_id = of_version), false)::int AS in_version
      FROM signatures s
      JOIN signature_devices d ON d.signature_id = s.id AND d.device_id = device
     WHERE s.issue_id = of_issue
  ), as_what AS (
    INSERT INTO occurrences (coredump_id, signature_id, device_id, version_id, at, verified)
    VALUES (dump, of_signature, device, of_version, uploaded, is_verified)
  ), by_device AS (
    INSERT INTO signature_devices AS d (signature_id, device_id, version_id, occurrences, verified, last_seen)
    VALUES (of_signature, device, of_version, 1, is_verified::int, uploaded)
        ON CONFLICT (signature_id, device_id, version_id) DO UPDATE
       SET occurrences = d.occurrences + 1, verified = d.verified + is_verified::int,
           last_seen = greatest(d.last_seen, uploaded)
  ), by_signature AS (
    UPDATE signatures s
       SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT is_verified)::int,
           devices = devices + 1 - (SELECT in_signature FROM counted),
           first_coredump_id = CASE WHEN first_seen <= uploaded THEN first_coredump_id ELSE dump END,
           first_seen = least(first_seen, uploaded), last_seen = greatest(last_seen, uploaded)
     WHERE s.id = of_signature
  ), by_hour AS (
    INSERT INTO signature_hours AS h (signature_id, hour, occurrences)
    SELECT of_signature, date_trunc('hour', uploaded, 'UTC'), 1 WHERE uploaded > now() - interval '14 days'
        ON CONFLICT (signature_id, hour) DO UPDATE SET occurrences = h.occurrences + 1
  ), by_day AS (
    INSERT INTO signature_days AS h (signature_id, day, occurrences)
    SELECT of_signature, (uploaded AT TIME ZONE 'UTC')::date, 1 WHERE uploaded > now() - interval '400 days'
        ON CONFLICT (signature_id, day) DO UPDATE SET occurrences = h.occurrences + 1
  ), by_version AS (
    INSERT INTO issue_versions AS v (issue_id, version_id, occurrences, verified, devices)
    SELECT of_issue, of_version, 1, is_verified::int, 1 WHERE of_version > 0
        ON CONFLICT (issue_id, version_id) DO UPDATE
       SET occurrences = v.occurrences + 1, verified = v.verified + is_verified::int,
           devices = v.devices + 1 - (SELECT in_version FROM counted)
  ), by_device_of_version AS (
    INSERT INTO version_devices AS d (version_id, device_id, occurrences)
    SELECT of_version, device, 1 WHERE of_version > 0 AND is_new_to_version
        ON CONFLICT (version_id, device_id) DO UPDATE SET occurrences = d.occurrences + 1
    RETURNING d.occurrences
  ), by_version_of_model AS (
    UPDATE model_versions v
       SET occurrences = v.occurrences + 1, devices = v.devices + (d.occurrences = 1)::int
      FROM by_device_of_version d WHERE v.id = of_version
  )
  UPDATE issues i
     SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT is_verified)::int,
         devices = devices + 1 - (SELECT in_issue FROM counted),
         first_seen = least(first_seen, uploaded), last_seen = greatest(last_seen, uploaded)
   WHERE i.id = of_issue;
END
$$;

CREATE OR REPLACE FUNCTION take_occurrence(o occurrences) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_issue bigint;
  counted  record;
BEGIN
  SELECT s.issue_id INTO of_issue FROM signatures s WHERE s.id = o.signature_id;
  DELETE FROM occurrences WHERE coredump_id = o.coredump_id;
  UPDATE signature_devices d SET occurrences = occurrences - 1, verified = verified - o.verified::int
   WHERE d.signature_id = o.signature_id AND d.device_id = o.device_id AND d.version_id = o.version_id;
  DELETE FROM signature_devices d
   WHERE d.signature_id = o.signature_id AND d.device_id = o.device_id AND d.version_id = o.version_id
     AND d.occurrences = 0;
  counted := counted_devices(of_issue, o.signature_id, o.device_id, o.version_id);
  UPDATE signatures s
     SET occurrences = occurrences - 1, kept = kept - 1, unverified = unverified - (NOT o.verified)::int,
         devices = devices - (NOT counted.in_signature)::int
   WHERE s.id = o.signature_id;
  -- What is left was seen first and last at other times, if this one was either.
  UPDATE signatures s
     SET first_seen = least(s.settled_first, left_over.first), last_seen = greatest(s.settled_last, left_over.last),
         first_coredump_id = CASE WHEN s.settled_first <= left_over.first THEN NULL ELSE left_over.id END
    FROM (SELECT min(x.at) AS first, max(x.at) AS last,
                 (SELECT f.coredump_id FROM occurrences f WHERE f.signature_id = o.signature_id AND NOT f.gone
                   ORDER BY f.at, f.coredump_id LIMIT 1) AS id
            FROM (SELECT at FROM (SELECT at FROM occurrences WHERE signature_id = o.signature_id AND NOT gone
                                   ORDER BY at LIMIT 1) AS a
                  UNION ALL
                  SELECT at FROM (SELECT at FROM occurrences WHERE signature_id = o.signature_id AND NOT gone
                                   ORDER BY at DESC LIMIT 1) AS b
                  UNION ALL
                  SELECT at FROM occurrences WHERE signature_id = o.signature_id AND gone) AS x) AS left_over
   WHERE s.id = o.signature_id AND o.at IN (s.first_seen, s.last_seen);
  UPDATE issues i
     SET occurrences = occurrences - 1, kept = kept - 1, unverified = unverified - (NOT o.verified)::int,
         devices = devices - (NOT counted.in_issue)::int,
         first_seen = (SELECT min(s.first_seen) FROM signatures s WHERE s.issue_id = of_issue),
         last_seen = (SELECT max(s.last_seen) FROM signatures s WHERE s.issue_id = of_issue)
   WHERE i.id = of_issue;
  UPDATE signature_hours h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.hour = date_trunc('hour', o.at, 'UTC');
  UPDATE signature_days h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.day = (o.at AT TIME ZONE 'UTC')::date;
  UPDATE issue_versions v
     SET occurrences = occurrences - 1, verified = verified - o.verified::int,
         devices = devices - (NOT counted.in_version)::int
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id;
  DELETE FROM issue_versions v
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id AND v.occurrences = 0;
END
$$;

CREATE OR REPLACE FUNCTION recount_issue(of_issue bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c           record;
  largest     bigint;
  all_devices bigint;
BEGIN
  SELECT coalesce(sum(s.occurrences), 0) AS occurrences, coalesce(sum(s.kept), 0) AS kept,
         coalesce(sum(s.unverified), 0) AS unverified, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
         (array_agg(s.title ORDER BY s.id))[1] AS title, (array_agg(s.kind ORDER BY s.id))[1] AS kind,
         (array_agg(s.quality ORDER BY s.id))[1] AS quality
    INTO c FROM signatures s WHERE s.issue_id = of_issue;
  SELECT s.id, s.devices INTO largest, all_devices FROM signatures s WHERE s.issue_id = of_issue
   ORDER BY s.devices DESC, s.id LIMIT 1;
  all_devices := coalesce(all_devices, 0) + (
    SELECT count(DISTINCT d.device_id)
      FROM signatures s JOIN signature_devices d ON d.signature_id = s.id
     WHERE s.issue_id = of_issue AND s.id <> largest
       AND NOT EXISTS (SELECT FROM signature_devices l WHERE l.signature_id = largest AND l.device_id = d.device_id));
  UPDATE issues i
     SET occurrences = c.occurrences, devices = all_devices, kept = c.kept, unverified = c.unverified,
         first_seen = c.first_seen, last_seen = c.last_seen, title = coalesce(c.title, i.title),
         kind = coalesce(c.kind, i.kind), quality = coalesce(c.quality, i.quality),
         unmute_occurrences = unmute_occurrences + c.occurrences - i.occurrences,
         unmute_devices = unmute_devices + all_devices - i.devices, updated_at = now()
   WHERE i.id = of_issue;
  DELETE FROM issue_versions v WHERE v.issue_id = of_issue;
  INSERT INTO issue_versions (issue_id, version_id, occurrences, verified, devices)
  SELECT of_issue, x.version_id, sum(x.occurrences), sum(x.verified), sum(x.devices)
    FROM (SELECT l.version_id, sum(l.occurrences) AS occurrences, sum(l.verified) AS verified, count(*) AS devices
            FROM signature_devices l WHERE l.signature_id = largest GROUP BY 1
           UNION ALL
          SELECT d.version_id, sum(d.occurrences), sum(d.verified),
                 count(DISTINCT d.device_id) FILTER (
                   WHERE NOT EXISTS (SELECT FROM signature_devices l
                                      WHERE l.signature_id = largest AND l.device_id = d.device_id
                                        AND l.version_id = d.version_id))
            FROM signatures s JOIN signature_devices d ON d.signature_id = s.id
           WHERE s.issue_id = of_issue AND s.id <> largest GROUP BY 1) AS x
   WHERE x.version_id > 0
   GROUP BY x.version_id;
END
$$;

CREATE OR REPLACE FUNCTION has_wrong_sums(of_issue bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
BEGIN
  PERFORM FROM signatures s CROSS JOIN LATERAL sums_of_signature(s.id) AS x
    LEFT JOIN signature_files f ON f.signature_id = s.id
    WHERE s.issue_id = of_issue
      AND ((s.occurrences, s.devices, s.unverified, s.kept, s.first_seen, s.last_seen)
           IS DISTINCT FROM (x.occurrences, x.devices, x.unverified, x.kept, x.first_seen, x.last_seen)
           OR f.expired <> expired_files_of_signature(s.id))
    LIMIT 1;
  IF FOUND THEN
    RETURN true;
  END IF;
  PERFORM FROM issues i,
    (SELECT coalesce(sum(s.occurrences), 0) AS occurrences, coalesce(sum(s.kept), 0) AS kept,
            coalesce(sum(s.unverified), 0) AS unverified, min(s.first_seen) AS first, max(s.last_seen) AS last,
            (SELECT count(DISTINCT d.device_id) FROM signatures x JOIN signature_devices d ON d.signature_id = x.id
              WHERE x.issue_id = of_issue) AS devices
       FROM signatures s WHERE s.issue_id = of_issue) AS x
    WHERE i.id = of_issue
      AND (i.occurrences, i.kept, i.unverified, i.devices, i.first_seen, i.last_seen)
          IS DISTINCT FROM (x.occurrences, x.kept, x.unverified, x.devices, x.first, x.last);
  IF FOUND THEN
    RETURN true;
  END IF;
  PERFORM FROM (SELECT d.version_id, sum(d.occurrences) AS occurrences, sum(d.verified) AS verified,
                       count(DISTINCT d.device_id) AS devices
                  FROM signatures s JOIN signature_devices d ON d.signature_id = s.id
                 WHERE s.issue_id = of_issue AND d.version_id > 0 GROUP BY 1) AS x
    FULL JOIN (SELECT * FROM issue_versions WHERE issue_id = of_issue) AS v ON v.version_id = x.version_id
    WHERE (v.occurrences, v.verified, v.devices) IS DISTINCT FROM (x.occurrences, x.verified, x.devices);
  RETURN FOUND;
END
$$;

DROP TRIGGER issue_is_fixed ON issue_fixes;
DROP TRIGGER issue_is_not_fixed ON issue_fixes;
DROP FUNCTION note_fixes();
DROP FUNCTION note_extracts(bigint);
DROP FUNCTION note_version_range(bigint);
DROP FUNCTION fixes_of_issue(bigint);
DROP FUNCTION hours_of_issue(bigint, timestamptz);
DROP FUNCTION with_hour(integer[], timestamptz, timestamptz, integer);
DROP FUNCTION hour_to_show(timestamptz);
DROP FUNCTION hours_ago(timestamptz);
ALTER TABLE issues
  DROP COLUMN first_version, DROP COLUMN last_version, DROP COLUMN fixed_in, DROP COLUMN hours, DROP COLUMN hours_to;

COMMIT;
