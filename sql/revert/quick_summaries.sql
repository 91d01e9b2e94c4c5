-- Revert coredepot:quick_summaries from pg

BEGIN;

-- As quick_lists has it.
DROP VIEW issue_summaries;
CREATE VIEW issue_summaries AS
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
GRANT SELECT ON issue_summaries TO coredepot_reader, coredepot_writer;

COMMIT;
