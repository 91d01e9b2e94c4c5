-- Deploy coredepot:quick_recounts to pg
-- requires: triage

BEGIN;

-- Computes an issue's counts again from those of its signatures. The issue must be locked, and nobody counts
-- meanwhile. If it is muted for a number of further core dumps or devices, that number stays the same.
--
-- The devices of the signature with the most devices are neither sorted nor compared: the signature knows how
-- many it has, and each device is one row in each version. Only the devices of the other signatures are
-- looked up among them. So merging an issue of a few devices into one of a million takes as long as the few
-- do, plus a walk over an index.
-- Replaced by issues_in_one_row.sql.
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

COMMIT;
