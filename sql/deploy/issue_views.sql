-- Deploy coredepot:issue_views to pg
-- requires: triage
-- requires: running_versions

BEGIN;

-- The name of an issue for people.
-- Replaced by quick_issue.sql.
CREATE FUNCTION issue_name(model_code text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT upper(model_code) || '-' || number
$$;

-- What lists show of an issue. Meant for a few issues at a time: each column is looked up by an index.
-- Replaced by quick_issue.sql.
CREATE VIEW issue_summaries AS
  SELECT i.id, issue_name(m.code, i.number) AS name, m.code AS model, i.device_model_id, i.title, i.kind, i.quality,
         i.state, i.reason, i.devices, i.occurrences,
         i.kept - (SELECT count(*) FROM signatures s JOIN occurrences o ON o.signature_id = s.id AND o.gone
                    WHERE s.issue_id = i.id) AS kept,
         i.unverified, i.first_seen, i.last_seen, i.created_at, i.resolved_at,
         (SELECT v.version FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
           WHERE iv.issue_id = i.id ORDER BY v.epoch, v.sort_key, v.id LIMIT 1) AS first_version,
         (SELECT v.version FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
           WHERE iv.issue_id = i.id ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC LIMIT 1) AS last_version,
         (SELECT coalesce(json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id), '[]')
            FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id WHERE f.issue_id = i.id) AS fixed_in,
         i.fixed_in_next, i.revision, i.mute, i.ticket_url, i.merged_into
    FROM issues i JOIN device_models m ON m.id = i.device_model_id;

-- The last 24 hours of an issue, oldest first. Not in SQL, which would be planned again for each issue of a
-- list.
-- Replaced by quick_lists.sql.
CREATE FUNCTION issue_sparkline(of_issue bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', now(), 'UTC');
  numbers   bigint[] := array_fill(0, ARRAY[24]);
  counted   record;
BEGIN
  FOR counted IN SELECT h.hour, h.occurrences FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
                  WHERE s.issue_id = of_issue AND h.hour BETWEEN this_hour - interval '23 hours' AND this_hour LOOP
    numbers[24 - (extract(epoch FROM this_hour - counted.hour) / 3600)::int] :=
      numbers[24 - (extract(epoch FROM this_hour - counted.hour) / 3600)::int] + counted.occurrences;
  END LOOP;
  RETURN array_to_json(numbers);
END
$$;

-- A pattern for ILIKE that finds `text` anywhere.
CREATE FUNCTION containing(text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '%' || regexp_replace(text, '([\\%_])', '\\\1', 'g') || '%'
$$;

-- A page of issues after a position in the order. A null condition does not restrict. The statement is
-- composed for each call, so that it has only the conditions asked for, and uses their index.
-- Replaced by quick_pages.sql.
CREATE FUNCTION find_issues(
  sort text, of_model bigint, in_state text, regressed boolean, still_seen boolean, seen_in text, of_kind text,
  q text, of_function text, seen_after timestamptz, min_devices bigint,
  after_value bigint, after_id bigint, most bigint
) RETURNS TABLE (id bigint, value bigint) LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
  is_time boolean := sort IN ('last_seen', 'first_seen');
  sorted  text := CASE sort WHEN 'last_seen'   THEN 'coalesce(i.last_seen, i.created_at)'
                            WHEN 'first_seen'  THEN 'coalesce(i.first_seen, i.created_at)'
                            WHEN 'devices'     THEN 'i.devices'
                            WHEN 'occurrences' THEN 'i.occurrences' END;
  shown   text := CASE WHEN is_time THEN format('microseconds(%s)', sorted) ELSE sorted END;
BEGIN
  RETURN QUERY EXECUTE format('SELECT i.id, %s FROM issues i WHERE ', shown) || concat_ws(' AND ',
      CASE WHEN in_state IS NULL THEN 'i.state <> ''merged''' ELSE 'i.state = $1' END,
      -- All its core dumps were found to be of others.
      CASE WHEN in_state IS DISTINCT FROM 'merged' THEN 'i.occurrences > 0' END,
      CASE WHEN regressed   THEN 'i.reason = ''regressed''' END,
      CASE WHEN still_seen  THEN 'i.state = ''resolved'' AND i.last_seen > i.resolved_at' END,
      CASE WHEN of_model    IS NOT NULL THEN 'i.device_model_id = $2' END,
      CASE WHEN seen_in     IS NOT NULL THEN
        'i.id IN (SELECT iv.issue_id FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
                   WHERE v.version = $3)' END,
      CASE WHEN of_kind     IS NOT NULL THEN 'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.kind = $4)' END,
      CASE WHEN q           IS NOT NULL THEN
        'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.searched ILIKE containing($5))' END,
      CASE WHEN of_function IS NOT NULL THEN
        'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.functions @> ARRAY[$6])' END,
      CASE WHEN seen_after  IS NOT NULL THEN 'i.last_seen > $7' END,
      CASE WHEN min_devices IS NOT NULL THEN 'i.devices >= $8' END,
      CASE WHEN after_id    IS NOT NULL THEN
        format('(%s, i.id) < (%s, $10)', sorted, CASE WHEN is_time THEN 'from_microseconds($9)' ELSE '$9' END) END)
    || format(' ORDER BY %s DESC, i.id DESC LIMIT $11', sorted)
    USING in_state, of_model, seen_in, of_kind, q, of_function, seen_after, min_devices, after_value, after_id, most;
END
$$;

-- A page of core dumps, newest first: of an issue or a device by upload time, of all by ID. It looks at a
-- limited number of rows, whatever the other conditions let through. The place where it stopped then comes
-- last, and is not a match.
CREATE FUNCTION find_coredumps(
  of_issue bigint, of_device bigint, of_model bigint, of_version text, in_status text, since timestamptz,
  until timestamptz, before_at timestamptz, before_id bigint, most bigint
) RETURNS TABLE (place bigint, coredump_id bigint, is_match boolean) LANGUAGE plpgsql STABLE ROWS 100
SET enable_seqscan = off
AS $$
DECLARE
  looked_at CONSTANT integer := 5000;  -- some 30 ms
  ids       bigint[];
BEGIN
  before_at := coalesce(before_at, 'infinity');
  before_id := coalesce(before_id, 9223372036854775807);
  IF of_issue IS NOT NULL THEN
    ids := ARRAY (
      SELECT o.coredump_id FROM signatures s
       CROSS JOIN LATERAL (
         SELECT x.coredump_id, x.at FROM occurrences x
          WHERE x.signature_id = s.id AND NOT x.gone AND (x.at, x.coredump_id) < (before_at, before_id)
          ORDER BY x.at DESC, x.coredump_id DESC LIMIT looked_at) AS o
       WHERE s.issue_id = of_issue
       ORDER BY o.at DESC, o.coredump_id DESC LIMIT looked_at);
  ELSIF of_device IS NOT NULL THEN
    ids := ARRAY (
      SELECT c.id FROM coredumps c
       WHERE c.device_id = of_device AND (c.uploaded_at, c.id) < (before_at, before_id)
       ORDER BY c.uploaded_at DESC, c.id DESC LIMIT looked_at);
  ELSE
    ids := ARRAY (SELECT c.id FROM coredumps c WHERE c.id < before_id ORDER BY c.id DESC LIMIT looked_at);
  END IF;
  RETURN QUERY
    SELECT looked.nth, c.id, true FROM unnest(ids) WITH ORDINALITY AS looked (id, nth)
      JOIN coredumps c ON c.id = looked.id
     WHERE (of_device IS NULL OR c.device_id = of_device)
       AND (of_version IS NULL OR c.firmware_version = of_version)
       AND (in_status IS NULL OR c.parse_status = in_status)
       AND (since IS NULL OR c.uploaded_at >= since) AND (until IS NULL OR c.uploaded_at < until)
       AND (of_model IS NULL
            OR of_model = (SELECT d.device_model_id FROM devices d WHERE d.id = c.device_id))
     ORDER BY looked.nth LIMIT most;
  IF cardinality(ids) = looked_at THEN
    place := looked_at + 1;
    coredump_id := ids[looked_at];
    is_match := false;
    RETURN NEXT;
  END IF;
END
$$;

-- For searching devices by a part of their key or name.
CREATE INDEX devices_searched ON devices USING gin ((key || ' ' || coalesce(device_name, '')) gin_trgm_ops);

GRANT SELECT ON issue_summaries TO coredepot_reader, coredepot_writer;

COMMIT;
