-- Deploy coredepot:quick_lists to pg
-- requires: issue_views

BEGIN;

-- Issues that were seen again after they were resolved: few among many.
CREATE INDEX issues_still_seen ON issues (coalesce(last_seen, created_at) DESC, id DESC)
  WHERE state = 'resolved' AND last_seen > resolved_at;

-- As before, but looks up an issue's versions once for both the first and the last of them.
-- Replaced by quick_issue.sql.
CREATE OR REPLACE VIEW issue_summaries AS
  SELECT i.id, issue_name(m.code, i.number) AS name, m.code AS model, i.device_model_id, i.title, i.kind, i.quality,
         i.state, i.reason, i.devices, i.occurrences,
         i.kept - (SELECT count(*) FROM signatures s JOIN occurrences o ON o.signature_id = s.id AND o.gone
                    WHERE s.issue_id = i.id) AS kept,
         i.unverified, i.first_seen, i.last_seen, i.created_at, i.resolved_at,
         seen.versions[1] AS first_version, seen.versions[cardinality(seen.versions)] AS last_version,
         (SELECT coalesce(json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id), '[]')
            FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id WHERE f.issue_id = i.id) AS fixed_in,
         i.fixed_in_next, i.revision, i.mute, i.ticket_url, i.merged_into
    FROM issues i JOIN device_models m ON m.id = i.device_model_id
   CROSS JOIN LATERAL (
     SELECT array_agg(v.version ORDER BY v.epoch, v.sort_key, v.id) AS versions
       FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id WHERE iv.issue_id = i.id) AS seen;

-- The last 24 hours of an issue, oldest first. Not in SQL, which would be planned again for each issue of a
-- list. The query finds an hour's place: the loop would find it twice for each hour.
CREATE OR REPLACE FUNCTION issue_sparkline(of_issue bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', now(), 'UTC');
  numbers   bigint[] := array_fill(0, ARRAY[24]);
  counted   record;
BEGIN
  FOR counted IN SELECT 24 - extract(epoch FROM this_hour - h.hour)::int / 3600 AS place, h.occurrences
                   FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
                  WHERE s.issue_id = of_issue AND h.hour BETWEEN this_hour - interval '23 hours' AND this_hour LOOP
    numbers[counted.place] := numbers[counted.place] + counted.occurrences;
  END LOOP;
  RETURN array_to_json(numbers);
END
$$;

COMMIT;
