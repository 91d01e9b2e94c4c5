-- Revert coredepot:quick_pages from pg

BEGIN;

-- As quick_summaries, issue_views and times have them.
DROP VIEW issue_summaries;
CREATE VIEW issue_summaries AS
  SELECT i.id, issue_name(m.code, i.number) AS name, m.code AS model, i.device_model_id, i.title, i.kind, i.quality,
         i.state, i.reason, i.devices, i.occurrences,
         i.kept - (SELECT count(*) FROM signatures s JOIN occurrences o ON o.signature_id = s.id AND o.gone
                    WHERE s.issue_id = i.id) AS kept,
         i.unverified, i.first_seen, i.last_seen, i.created_at, i.resolved_at,
         seen.versions[1] AS first_version, seen.versions[cardinality(seen.versions)] AS last_version,
         -- With a limit, because the server may look for all that EXISTS could be asked about, at once.
         CASE WHEN (SELECT true FROM issue_fixes f WHERE f.issue_id = i.id LIMIT 1) THEN
           (SELECT json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id)
              FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id WHERE f.issue_id = i.id)
         ELSE '[]' END AS fixed_in,
         i.fixed_in_next, i.revision, i.mute, i.ticket_url, i.merged_into,
         -- What was seen last before that has no such hour. date_part(), because extract() makes a numeric.
         CASE WHEN i.last_seen > now() - interval '24 hours' THEN
           (SELECT array_agg(ARRAY[(floor(date_part('epoch', now()) / 3600)
                                    - date_part('epoch', h.hour) / 3600)::bigint, h.occurrences])
              FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
             WHERE s.issue_id = i.id AND h.hour > now() - interval '24 hours' AND h.hour <= now()) END AS hours
    FROM issues i JOIN device_models m ON m.id = i.device_model_id
   CROSS JOIN LATERAL (
     SELECT array_agg(v.version ORDER BY v.epoch, v.sort_key, v.id) AS versions
       FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id WHERE iv.issue_id = i.id) AS seen;
GRANT SELECT ON issue_summaries TO coredepot_reader, coredepot_writer;

CREATE OR REPLACE FUNCTION find_issues(
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
DROP FUNCTION first_issues(text, boolean, bigint, bigint, bigint);

CREATE OR REPLACE FUNCTION microseconds(at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM at) * 1000000)::bigint
$$;

COMMIT;
