-- Deploy coredepot:quick_issue to pg
-- requires: quick_pages

BEGIN;

-- The name of an issue for people. The number's cast is written out: without it, || may depend on settings, so
-- this function promised more than its body. Then PostgreSQL does not inline it, and parses it again for each
-- statement.
CREATE OR REPLACE FUNCTION issue_name(model_code text, number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT upper(model_code) || '-' || number::text
$$;

-- The core dumps of an issue that are deleted and still counted as kept. A function, because there seldom are any.
-- As part of a statement this would be set up each time, needed or not.
CREATE FUNCTION unsettled_coredumps(of_issue bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- For each signature, because a plan made while there are none would look at those of all issues.
  RETURN (SELECT coalesce(sum((SELECT count(*) FROM occurrences o WHERE o.signature_id = s.id AND o.gone)), 0)
            FROM signatures s WHERE s.issue_id = of_issue);
END
$$;

-- What lists show of an issue, almost all of it from the issue's row. It asks once for all issues of a page
-- whether any deleted core dump is not settled yet.
--
-- `recent_hours`: occurrences in the hour that began `hours_ago` before the current one, in the hour before,
-- and so on. Null: there were none in the last 24. (`hours` stays for programs of before quick_pages.)
CREATE OR REPLACE VIEW issue_summaries AS
  SELECT i.id, issue_name(m.code, i.number) AS name, m.code AS model, i.device_model_id, i.title, i.kind, i.quality,
         i.state, i.reason, i.devices, i.occurrences,
         i.kept - CASE WHEN (SELECT true FROM occurrences o WHERE o.gone LIMIT 1) THEN unsettled_coredumps(i.id)
                       ELSE 0 END AS kept,
         i.unverified, i.first_seen, i.last_seen, i.created_at, i.resolved_at, i.first_version, i.last_version,
         i.fixed_in, i.fixed_in_next, i.revision, i.mute, i.ticket_url, i.merged_into,
         CASE WHEN i.last_seen > now() - interval '24 hours' THEN
           (SELECT array_agg(ARRAY[hours_ago(h.hour)::bigint, h.occurrences])
              FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
             WHERE s.issue_id = i.id AND h.hour > now() - interval '24 hours' AND h.hour <= now()) END AS hours,
         CASE WHEN i.last_seen > now() - interval '24 hours' THEN i.hours END AS recent_hours,
         hours_ago(i.hours_to) AS hours_ago,
         CASE WHEN i.reason = 'regressed' THEN
           (SELECT v.version FROM model_versions v WHERE v.id = i.regressed_version_id) END AS regressed_in
    FROM issues i JOIN device_models m ON m.id = i.device_model_id;

COMMIT;
