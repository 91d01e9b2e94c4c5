-- Deploy coredepot:issues_in_one_row to pg
-- requires: quick_counting
-- requires: derived_sums
-- requires: uploaded_versions
-- requires: issue_checks

BEGIN;

-- What lists show of an issue besides its counts. It is stored in the issue's row, which changes with each
-- count anyway. The versions change only with rows of issue_versions and issue_fixes, which is rare.
ALTER TABLE issues
  ADD COLUMN first_version firmware_version,
  ADD COLUMN last_version  firmware_version,
  ADD COLUMN fixed_in      json      NOT NULL DEFAULT '[]',
  ADD COLUMN hours         integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN hours_to      timestamptz;
COMMENT ON COLUMN issues.first_version IS 'with last_version: of those in issue_versions, in the order of versions';
COMMENT ON COLUMN issues.fixed_in      IS 'the versions in issue_fixes, in their order';
COMMENT ON COLUMN issues.hours         IS
  'Occurrences in the hour that began at hours_to, in the hour before, and so on, 24 at most; none in those that are not
there. A part of signature_hours';

-- Sets an issue's first and last version from the tables. Its row must be locked.
CREATE FUNCTION note_version_range(of_issue bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issues i
     SET first_version = (SELECT v.version FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
                           WHERE iv.issue_id = of_issue ORDER BY v.epoch, v.sort_key, v.id LIMIT 1),
         last_version = (SELECT v.version FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
                          WHERE iv.issue_id = of_issue ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC LIMIT 1)
   WHERE i.id = of_issue;
END
$$;

CREATE FUNCTION fixes_of_issue(of_issue bigint) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id), '[]')
    FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id WHERE f.issue_id = of_issue
$$;

CREATE FUNCTION note_fixes() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
BEGIN
  UPDATE issues i SET fixed_in = fixes_of_issue(i.id) WHERE i.id IN (SELECT c.issue_id FROM changed c);
  RETURN NULL;
END
$$;
CREATE TRIGGER issue_is_fixed AFTER INSERT ON issue_fixes REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_fixes();
CREATE TRIGGER issue_is_not_fixed AFTER DELETE ON issue_fixes REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_fixes();

-- How many hours before the current one an hour was.
CREATE FUNCTION hours_ago(hour timestamptz) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (floor(date_part('epoch', now()) / 3600) - date_part('epoch', hour) / 3600)::integer
$$;

-- The hour of an occurrence. Null: it is not shown. Either it was more than a day ago, or a clock was wrong
-- and all other occurrences would be long before that hour.
CREATE FUNCTION hour_to_show(at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN date_trunc('hour', at, 'UTC') > now() - interval '24 hours' AND at < now() + interval '1 hour'
              THEN date_trunc('hour', at, 'UTC') END
$$;

-- `issues.hours` with `more` further occurrences in an hour. Only the last 24 hours are kept.
CREATE FUNCTION with_hour(hours integer[], hours_to timestamptz, hour timestamptz, more integer) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  ago integer := (date_part('epoch', hours_to - hour) / 3600)::integer;
BEGIN
  IF hour IS NULL THEN
    RETURN hours;
  ELSIF ago IS NULL OR ago <= -24 THEN
    RETURN ARRAY[more];
  ELSIF ago < 0 THEN
    hours := (array_fill(0, ARRAY[-ago]) || hours)[1:24];
    ago := 0;
  ELSIF ago >= 24 THEN
    RETURN hours;
  ELSIF ago >= cardinality(hours) THEN
    hours := hours || array_fill(0, ARRAY[ago + 1 - cardinality(hours)]);
  END IF;
  hours[ago + 1] := hours[ago + 1] + more;
  RETURN hours;
END
$$;

-- `issues.hours` as computed from signature_hours.
CREATE FUNCTION hours_of_issue(of_issue bigint, until timestamptz) RETURNS integer[] LANGUAGE sql STABLE AS $$
  WITH h AS (
    SELECT hours_ago(x.hour) - hours_ago(until) AS before, sum(x.occurrences)::integer AS occurrences
      FROM signatures s JOIN signature_hours x ON x.signature_id = s.id
     WHERE s.issue_id = of_issue AND x.hour > now() - interval '24 hours' AND x.hour <= until
     GROUP BY x.hour
  )
  SELECT coalesce(array_agg(coalesce(h.occurrences, 0) ORDER BY places.before), '{}')
    FROM generate_series(0, (SELECT max(h.before) FROM h)) AS places (before) LEFT JOIN h ON h.before = places.before
$$;

-- Adds one occurrence to all counts, and its hour and version to the issue's row; to the counts of the version
-- only if `is_new_to_version`. The issue must be locked. `counted` says who is counted already: whether the
-- device is in the signature's counts, in those of its issue, and in those of the issue with the version.
CREATE OR REPLACE FUNCTION add_occurrence(
  dump bigint, of_issue bigint, of_signature bigint, device bigint, of_version bigint, uploaded timestamptz,
  is_verified boolean, is_new_to_version boolean
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  this_hour  timestamptz := date_trunc('hour', uploaded, 'UTC');
  shown_hour timestamptz := hour_to_show(uploaded);
  in_this    bigint;
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
    SELECT of_signature, this_hour, 1 WHERE uploaded > now() - interval '14 days'
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
    RETURNING v.occurrences
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
         first_seen = least(first_seen, uploaded), last_seen = greatest(last_seen, uploaded),
         hours = CASE WHEN i.hours_to = shown_hour THEN i.hours[1] + 1 || i.hours[2:24]
                      ELSE with_hour(i.hours, i.hours_to, shown_hour, 1) END,
         hours_to = greatest(i.hours_to, shown_hour)
   WHERE i.id = of_issue
  RETURNING (SELECT v.occurrences FROM by_version v) INTO in_this;
  IF in_this = 1 THEN  -- it had not been seen in that version
    PERFORM note_version_range(of_issue);
  END IF;
END
$$;

-- The reverse of add_occurrence().
CREATE OR REPLACE FUNCTION take_occurrence(o occurrences) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', o.at, 'UTC');
  of_issue  bigint;
  counted   record;
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
         last_seen = (SELECT max(s.last_seen) FROM signatures s WHERE s.issue_id = of_issue),
         hours = with_hour(i.hours, i.hours_to, hour_to_show(o.at), -1)
   WHERE i.id = of_issue;
  UPDATE signature_hours h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.hour = this_hour;
  UPDATE signature_days h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.day = (o.at AT TIME ZONE 'UTC')::date;
  UPDATE issue_versions v
     SET occurrences = occurrences - 1, verified = verified - o.verified::int,
         devices = devices - (NOT counted.in_version)::int
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id;
  DELETE FROM issue_versions v
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id AND v.occurrences = 0;
  IF FOUND THEN
    PERFORM note_version_range(of_issue);
  END IF;
END
$$;

-- Computes the hours and versions in an issue's row again. The issue must be locked, and nobody counts
-- meanwhile.
CREATE FUNCTION note_extracts(of_issue bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issues i
     SET fixed_in = fixes_of_issue(i.id), hours_to = hour_to_show(least(i.last_seen, now())),
         hours = hours_of_issue(i.id, hour_to_show(least(i.last_seen, now())))
   WHERE i.id = of_issue;
  PERFORM note_version_range(of_issue);
END
$$;

-- Computes an issue's counts again from those of its signatures, and also the rest of its row. The issue must
-- be locked, and nobody counts meanwhile. If it is muted for a number of further core dumps or devices, that
-- number stays the same.
--
-- The devices of the signature with the most devices are neither sorted nor compared: the signature knows how
-- many it has, and each device is one row in each version. Only the devices of the other signatures are
-- looked up among them. So merging an issue of a few devices into one of a million takes as long as the few
-- do, plus a walk over an index.
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
  PERFORM note_extracts(of_issue);
END
$$;

-- Whether an issue's row, or one of its signatures, differs from the rows that it adds up or repeats.
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
  IF FOUND THEN
    RETURN true;
  END IF;
  -- Of hours those that are shown.
  PERFORM FROM issues i
    CROSS JOIN LATERAL (
      SELECT (array_agg(v.version ORDER BY v.epoch, v.sort_key, v.id))[1] AS first_version,
             (array_agg(v.version ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC))[1] AS last_version
        FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id WHERE iv.issue_id = i.id) AS x
    WHERE i.id = of_issue
      AND ((i.first_version, i.last_version) IS DISTINCT FROM (x.first_version, x.last_version)
           OR i.fixed_in::text <> fixes_of_issue(i.id)::text
           OR EXISTS (
             SELECT FROM generate_series(0, 23) AS places (ago)
               LEFT JOIN (SELECT hours_ago(h.hour) AS ago, sum(h.occurrences) AS occurrences
                            FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
                           WHERE s.issue_id = of_issue AND h.hour > now() - interval '24 hours' AND h.hour <= now()
                           GROUP BY 1) AS h ON h.ago = places.ago
              WHERE coalesce(h.occurrences, 0) <> coalesce(i.hours[places.ago + 1 - hours_ago(i.hours_to)], 0)));
  RETURN FOUND;
END
$$;

-- Fill in existing issues, all at once. Nobody counts or reads issues meanwhile, because columns are added.
WITH recent AS (
  SELECT s.issue_id, hours_ago(h.hour) AS ago, sum(h.occurrences)::integer AS occurrences
    FROM signature_hours h JOIN signatures s ON s.id = h.signature_id
   WHERE h.hour > now() - interval '24 hours' AND h.hour <= now() GROUP BY 1, 2
), in_hours AS (
  SELECT i.issue_id, array_agg(coalesce(r.occurrences, 0) ORDER BY places.ago) AS hours
    FROM (SELECT DISTINCT issue_id FROM recent) AS i CROSS JOIN generate_series(0, 23) AS places (ago)
    LEFT JOIN recent r ON r.issue_id = i.issue_id AND r.ago = places.ago GROUP BY 1
), seen AS (
  SELECT iv.issue_id, array_agg(v.version ORDER BY v.epoch, v.sort_key, v.id) AS versions
    FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id GROUP BY 1
), fixed AS (
  SELECT f.issue_id, json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id) AS versions
    FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id GROUP BY 1
)
UPDATE issues i
   SET first_version = seen.versions[1], last_version = seen.versions[cardinality(seen.versions)],
       fixed_in = coalesce(fixed.versions, '[]'), hours = coalesce(in_hours.hours, '{}'),
       hours_to = CASE WHEN in_hours.hours IS NOT NULL THEN hour_to_show(now()) END
  FROM issues o
  LEFT JOIN seen ON seen.issue_id = o.id
  LEFT JOIN fixed ON fixed.issue_id = o.id
  LEFT JOIN in_hours ON in_hours.issue_id = o.id
 WHERE o.id = i.id;

COMMIT;
