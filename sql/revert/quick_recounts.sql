-- Revert coredepot:quick_recounts from pg

BEGIN;

CREATE OR REPLACE FUNCTION recount_issue(of_issue bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c           record;
  all_devices bigint;
BEGIN
  SELECT coalesce(sum(s.occurrences), 0) AS occurrences, coalesce(sum(s.kept), 0) AS kept,
         coalesce(sum(s.unverified), 0) AS unverified, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
         (array_agg(s.title ORDER BY s.id))[1] AS title, (array_agg(s.kind ORDER BY s.id))[1] AS kind,
         (array_agg(s.quality ORDER BY s.id))[1] AS quality
    INTO c FROM signatures s WHERE s.issue_id = of_issue;
  SELECT count(DISTINCT d.device_id) INTO all_devices
    FROM signatures s JOIN signature_devices d ON d.signature_id = s.id WHERE s.issue_id = of_issue;
  UPDATE issues i
     SET occurrences = c.occurrences, devices = all_devices, kept = c.kept, unverified = c.unverified,
         first_seen = c.first_seen, last_seen = c.last_seen, title = coalesce(c.title, i.title),
         kind = coalesce(c.kind, i.kind), quality = coalesce(c.quality, i.quality),
         unmute_occurrences = unmute_occurrences + c.occurrences - i.occurrences,
         unmute_devices = unmute_devices + all_devices - i.devices, updated_at = now()
   WHERE i.id = of_issue;
  DELETE FROM issue_versions v WHERE v.issue_id = of_issue;
  INSERT INTO issue_versions (issue_id, version_id, occurrences, verified, devices)
  SELECT of_issue, d.version_id, sum(d.occurrences), sum(d.verified), count(DISTINCT d.device_id)
    FROM signatures s JOIN signature_devices d ON d.signature_id = s.id
   WHERE s.issue_id = of_issue AND d.version_id > 0
   GROUP BY d.version_id;
END
$$;

COMMIT;
