-- Deploy coredepot:derived_sums to pg
-- requires: quick_recounts
-- requires: issue_views
-- requires: file_retention

BEGIN;

-- Compares sums with the rows that they add up, for coredepot-fsck. Counting changes all of them in one
-- transaction, so a single statement, which sees a single moment, sees them agree. A STABLE function does so,
-- too, within the statement that calls it.

CREATE FUNCTION sums_of_signature(
  of_signature bigint, OUT occurrences bigint, OUT devices bigint, OUT unverified bigint, OUT kept bigint,
  OUT first_seen timestamptz, OUT last_seen timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT d.occurrences, d.devices, d.occurrences - d.verified, o.kept,
         least(s.settled_first, o.first), greatest(s.settled_last, o.last)
    FROM signatures s,
         (SELECT coalesce(sum(x.occurrences), 0)::bigint AS occurrences, coalesce(sum(x.verified), 0)::bigint AS verified,
                 count(DISTINCT x.device_id) AS devices
            FROM signature_devices x WHERE x.signature_id = of_signature) AS d,
         (SELECT count(*) AS kept, min(x.at) AS first, max(x.at) AS last
            FROM occurrences x WHERE x.signature_id = of_signature) AS o
   WHERE s.id = of_signature
$$;

-- The signature's core dumps whose files have expired, including those whose deletion has not been added up
-- yet.
CREATE FUNCTION expired_files_of_signature(of_signature bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM occurrences o JOIN coredumps c ON c.id = o.coredump_id
           WHERE o.signature_id = of_signature AND c.file_expired_at IS NOT NULL)
       + (SELECT count(*) FROM coredump_file_changes g WHERE g.expired_of = of_signature)
$$;

-- Replaced by issues_in_one_row.sql.
CREATE FUNCTION has_wrong_sums(of_issue bigint) RETURNS boolean LANGUAGE plpgsql STABLE
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

-- Only counting for this issue waits for it. See count_occurrence for the locks. Letting files expire locks
-- the row of kept_files.
CREATE FUNCTION repair_sums(of_issue bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
BEGIN
  PERFORM lock_mapping(i.device_model_id, false) FROM issues i WHERE i.id = of_issue;
  PERFORM FROM issues i WHERE i.id = of_issue FOR NO KEY UPDATE;
  UPDATE signatures s
     SET occurrences = x.occurrences, devices = x.devices, unverified = x.unverified, kept = x.kept,
         first_seen = x.first_seen, last_seen = x.last_seen
    FROM signatures y CROSS JOIN LATERAL sums_of_signature(y.id) AS x
   WHERE y.issue_id = of_issue AND s.id = y.id;
  PERFORM recount_issue(of_issue);
  PERFORM FROM kept_files WHERE one_row FOR UPDATE;
  UPDATE signature_files f SET expired = expired_files_of_signature(f.signature_id)
   WHERE f.signature_id IN (SELECT s.id FROM signatures s WHERE s.issue_id = of_issue);
END
$$;

CREATE FUNCTION version_has_wrong_sums(of_version bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
BEGIN
  PERFORM FROM model_versions v,
    (SELECT coalesce(sum(d.occurrences), 0) AS occurrences, count(*) AS devices
       FROM version_devices d WHERE d.version_id = of_version) AS x
    WHERE v.id = of_version AND (v.occurrences, v.devices) IS DISTINCT FROM (x.occurrences, x.devices);
  RETURN FOUND;
END
$$;

-- Who counts adds to the version's row after its devices' rows, in one transaction.
CREATE FUNCTION repair_version_sums(of_version bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
BEGIN
  PERFORM FROM model_versions v WHERE v.id = of_version FOR NO KEY UPDATE;
  UPDATE model_versions v SET occurrences = x.occurrences, devices = x.devices
    FROM (SELECT coalesce(sum(d.occurrences), 0) AS occurrences, count(*) AS devices
            FROM version_devices d WHERE d.version_id = of_version) AS x
   WHERE v.id = of_version;
END
$$;

CREATE FUNCTION kept_files_are_wrong() RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = on  -- this one does look at all
AS $$
BEGIN
  RETURN (SELECT (k.files + g.files, k.bytes + g.bytes) IS DISTINCT FROM (c.files, c.bytes)
            FROM kept_files k,
                 (SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes
                    FROM coredump_file_changes) AS g,
                 (SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes
                    FROM coredumps WHERE file_expired_at IS NULL) AS c);
END
$$;

REVOKE EXECUTE ON FUNCTION repair_sums(bigint), repair_version_sums(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION repair_sums(bigint), repair_version_sums(bigint) TO coredepot_writer;

COMMIT;
