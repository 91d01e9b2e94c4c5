-- Deploy coredepot:quick_summaries to pg
-- requires: quick_lists

BEGIN;

-- As before, and also what an issue's sparkline is made of. A function that makes it would be a separate
-- statement for each issue of a page; this is part of the statement that asks. (issue_sparkline() stays for
-- programs of the previous version.) Fixes are sorted only where there are any.
--
-- `hours`: how many hours ago, and how many occurrences then. An hour comes once for each of the issue's
-- signatures that were seen in it. Null: there were none in the last 24.
-- Replaced by quick_issue.sql.
CREATE OR REPLACE VIEW issue_summaries AS
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

COMMIT;
