-- Deploy coredepot:file_retention to pg
-- requires: kept_file_indexes
-- requires: milestones
-- requires: stores

BEGIN;

-- Adds up to a hundred thousand changes to the sum. False: there were fewer, so there may be no more. Only
-- the holder of the row of kept_files does this.
CREATE FUNCTION take_in_file_changes() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  most CONSTANT integer := 100000;
  taken         bigint;
BEGIN
  PERFORM FROM kept_files WHERE one_row FOR UPDATE;
  PERFORM FROM coredump_file_changes LIMIT 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  WITH gone AS (
    DELETE FROM coredump_file_changes WHERE ctid = ANY (ARRAY (SELECT c.ctid FROM coredump_file_changes c LIMIT most))
    RETURNING files, bytes, expired_of
  ), of_signatures AS (
    UPDATE signature_files f SET expired = greatest(f.expired - deleted.count, 0)
      FROM (SELECT g.expired_of, count(*) FROM gone g WHERE g.expired_of IS NOT NULL GROUP BY 1) AS deleted
     WHERE f.signature_id = deleted.expired_of
  ), sums AS (
    SELECT count(*) AS changes, coalesce(sum(g.files), 0) AS files, coalesce(sum(g.bytes), 0) AS bytes FROM gone g
  ), changed AS (
    UPDATE kept_files k SET files = k.files + s.files, bytes = k.bytes + s.bytes FROM sums s WHERE s.changes > 0
  )
  SELECT s.changes INTO taken FROM sums s;
  RETURN taken = most;
END
$$;

-- Counts the files again: looks at all core dumps while others come and go. Changes that this does not see
-- yet will be added later. Returns whether the sum was wrong.
CREATE FUNCTION recount_kept_files() RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = on
AS $$
DECLARE
  before kept_files;
  counted record;
BEGIN
  SELECT * INTO before FROM kept_files WHERE one_row FOR UPDATE;
  -- One statement, and so one moment, for rows and changes.
  WITH gone AS (
    DELETE FROM coredump_file_changes RETURNING files, bytes
  )
  SELECT (SELECT coalesce(sum(g.files), 0) FROM gone g) AS more_files,
         (SELECT coalesce(sum(g.bytes), 0) FROM gone g) AS more_bytes,
         count(*) AS files, coalesce(sum(c.size), 0) AS bytes
    INTO counted FROM coredumps c WHERE c.file_expired_at IS NULL;
  UPDATE kept_files SET files = counted.files, bytes = counted.bytes;
  RETURN (before.files + counted.more_files, before.bytes + counted.more_bytes)
         IS DISTINCT FROM (counted.files, counted.bytes);
END
$$;

-- Whether files of that store are in this session's folder, as far as we know. Nobody lets other hosts' files
-- expire, because that frees no room here.
-- Replaced by dump_objects.sql.
CREATE FUNCTION is_own_store(of_file uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT of_file IN (own_store(), '00000000-0000-0000-0000-000000000000')
$$;

-- The newest of a signature's files that may be removed: `keep` newer ones stay. Null: there is none.
CREATE FUNCTION last_spare_file(of_model bigint, hash text, keep bigint, OUT at timestamptz, OUT id bigint)
LANGUAGE sql STABLE AS $$
  SELECT c.uploaded_at, c.id FROM coredumps c
   WHERE c.signature = hash AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING' AND is_own_store(c.store)
     AND of_model = (SELECT d.device_model_id FROM devices d WHERE d.id = c.device_id)
   ORDER BY c.uploaded_at DESC, c.id DESC OFFSET keep LIMIT 1
$$;

-- The core dumps whose files are removed first, so that `need` bytes become free, at most `most` of them:
-- from the signatures with the most files, the oldest first, down to the `keep` newest of each. A file counts
-- in whole blocks of `block` bytes. `share`: at most so many of each of the 2000 signatures with the most
-- files; null: as evenly as described.
CREATE FUNCTION spare_files(
  need bigint, block bigint, most bigint, keep bigint, share bigint, milestones boolean
) RETURNS bigint[] LANGUAGE sql STABLE
-- All signatures are looked at, once: an index would be written to at each parse.
SET enable_seqscan = on
AS $$
  WITH counted AS MATERIALIZED (
    SELECT s.id, s.device_model_id, s.signature, s.kept - coalesce(f.expired, 0) AS files
      FROM signatures s LEFT JOIN signature_files f ON f.signature_id = s.id
     WHERE s.kept - coalesce(f.expired, 0) > keep
     ORDER BY files DESC, s.id LIMIT CASE WHEN share IS NOT NULL THEN 2000 END
  ), ranked AS MATERIALIZED (
    SELECT c.*, row_number() OVER largest AS nth, sum(c.files) OVER largest AS sum,
           lead(c.files, 1, keep) OVER largest AS next
      FROM counted c WINDOW largest AS (ORDER BY c.files DESC, c.id)
  ), leveled AS MATERIALIZED (
    -- With how many files each of the first `nth` is left when they have given `most` together.
    SELECT nth, CASE WHEN share IS NULL THEN greatest(floor((sum - most) / nth), keep)::bigint ELSE keep END AS level
      FROM ranked
     ORDER BY share IS NULL AND sum - nth * next >= most DESC,
              CASE WHEN share IS NULL AND sum - nth * next >= most THEN nth ELSE -nth END
     LIMIT 1
  ), spare AS (
    SELECT x.id, x.bytes, x.uploaded_at, r.files - x.nth AS height
      FROM leveled l
      JOIN ranked r ON r.nth <= l.nth
     CROSS JOIN LATERAL last_spare_file(r.device_model_id, r.signature, keep) AS newest
     CROSS JOIN LATERAL (
       SELECT o.*, row_number() OVER (ORDER BY o.uploaded_at, o.id) AS nth
         FROM (SELECT c.id, c.uploaded_at, (c.size + block - 1) / block * block AS bytes FROM coredumps c
                WHERE c.signature = r.signature AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING'
                  AND is_own_store(c.store) AND (milestones OR NOT c.is_milestone) AND (c.uploaded_at, c.id) <= (newest.at, newest.id)
                  AND r.device_model_id = (SELECT d.device_model_id FROM devices d WHERE d.id = c.device_id)
                ORDER BY c.uploaded_at, c.id LIMIT least(r.files - l.level, share)) AS o) AS x
  ), summed AS (
    SELECT s.id, row_number() OVER in_order AS nth, sum(s.bytes) OVER in_order - s.bytes AS freed_before
      FROM spare s WINDOW in_order AS (ORDER BY s.height DESC, s.uploaded_at, s.id)
  )
  SELECT coalesce(array_agg(s.id), '{}') FROM summed s WHERE s.freed_before < need AND s.nth <= most
$$;

-- The same for core dumps without a signature: the oldest of all first, except the `keep` newest.
CREATE FUNCTION spare_files_without_signature(need bigint, block bigint, most bigint, keep bigint) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
  WITH newest AS (
    SELECT c.uploaded_at, c.id FROM coredumps c
     WHERE c.signature IS NULL AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING'
       AND is_own_store(c.store)
     ORDER BY c.uploaded_at DESC, c.id DESC OFFSET keep LIMIT 1
  ), spare AS (
    SELECT c.id, c.uploaded_at, (c.size + block - 1) / block * block AS bytes FROM coredumps c, newest
     WHERE c.signature IS NULL AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING'
       AND is_own_store(c.store)
       AND (c.uploaded_at, c.id) <= (newest.uploaded_at, newest.id)
     ORDER BY c.uploaded_at, c.id LIMIT most
  ), summed AS (
    SELECT s.id, sum(s.bytes) OVER (ORDER BY s.uploaded_at, s.id) - s.bytes AS freed_before FROM spare s
  )
  SELECT coalesce(array_agg(s.id), '{}') FROM summed s WHERE s.freed_before < need
$$;

-- Lets the files of these core dumps expire, except those that somebody has locked or that are parsed again.
-- They are on the list of files to remove once this is committed. Returns how many.
-- Replaced by dump_objects.sql.
CREATE FUNCTION expire_chosen(chosen bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  done record;
BEGIN
  PERFORM FROM kept_files WHERE one_row FOR UPDATE;
  WITH locked AS MATERIALIZED (
    SELECT c.id FROM coredumps c
     WHERE c.id = ANY (chosen) AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING'
     ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED
  ), expired AS (
    -- Nor will a bundle that comes later have it parsed.
    UPDATE coredumps c SET file_expired_at = now(), awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE c.id = ANY (ARRAY (SELECT l.id FROM locked l))
    RETURNING c.id, c.device_id, c.filename, c.size, c.signature, c.store
  ), owned AS MATERIALIZED (
    SELECT e.*, d.key, d.device_model_id FROM expired e JOIN devices d ON d.id = e.device_id
  ), listed AS (
    INSERT INTO expired_files (coredump_id, device_key, filename, store)
    SELECT o.id, o.key, o.filename, o.store FROM owned o
        ON CONFLICT DO NOTHING
  ), counted AS (
    INSERT INTO signature_files AS f (signature_id, expired)
    SELECT s.id, o.count
      FROM (SELECT o.device_model_id, o.signature, count(*) FROM owned o WHERE o.signature IS NOT NULL GROUP BY 1, 2) AS o
      JOIN signatures s ON s.device_model_id = o.device_model_id AND s.signature = o.signature
        ON CONFLICT (signature_id) DO UPDATE SET expired = f.expired + excluded.expired
  )
  SELECT count(*) AS files, coalesce(sum(o.size), 0) AS bytes INTO done FROM owned o;
  UPDATE kept_files SET files = files - done.files, bytes = bytes - done.bytes;
  RETURN done.files;
END
$$;

-- Lets files expire until `need` bytes become free, at most `most` of them; returns how many. 0: no more
-- files may go.
--
-- Files without a signature, and milestones, come last, in this order. A core dump without a signature was
-- never decoded, and without its file it never will be. A milestone keeps its row with the backtrace.
CREATE FUNCTION expire_files(need bigint, block bigint, most bigint, keep bigint) RETURNS bigint LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  chosen bigint[];
BEGIN
  chosen := spare_files(need, block, most, keep, NULL, false);
  IF chosen = '{}' THEN
    -- Maybe because those with most have nothing but milestones: then a few of each, of many.
    chosen := spare_files(need, block, most, keep, 10, false);
  END IF;
  IF chosen = '{}' THEN
    chosen := spare_files_without_signature(need, block, most, keep);
  END IF;
  IF chosen = '{}' THEN
    chosen := spare_files(need, block, most, keep, NULL, true);
  END IF;
  IF chosen = '{}' THEN
    RETURN 0;
  END IF;
  RETURN expire_chosen(chosen);
END
$$;

-- Lets all files expire that were uploaded before then, at most `most`. Returns how many.
CREATE FUNCTION expire_old_files(before timestamptz, most bigint) RETURNS bigint LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  chosen bigint[] := ARRAY (SELECT c.id FROM coredumps c
                             WHERE c.uploaded_at < before AND is_own_store(c.store) AND c.file_expired_at IS NULL AND c.parse_status <> 'PENDING'
                             ORDER BY c.uploaded_at LIMIT most);
BEGIN
  IF chosen = '{}' THEN
    RETURN 0;
  END IF;
  RETURN expire_chosen(chosen);
END
$$;

-- `unmet`: the limit that is exceeded; null: none is.
CREATE FUNCTION note_unmet_limit(unmet text) RETURNS void LANGUAGE sql AS $$
  UPDATE kept_files SET unmet_limit = unmet,
                        unmet_since = CASE WHEN unmet IS NOT NULL THEN coalesce(unmet_since, now()) END
   WHERE unmet_limit IS DISTINCT FROM unmet
$$;

REVOKE EXECUTE ON FUNCTION take_in_file_changes(), recount_kept_files(), expire_chosen(bigint[]),
                           expire_files(bigint, bigint, bigint, bigint), expire_old_files(timestamptz, bigint),
                           note_unmet_limit(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_in_file_changes(), recount_kept_files(), expire_chosen(bigint[]),
                          expire_files(bigint, bigint, bigint, bigint), expire_old_files(timestamptz, bigint),
                          note_unmet_limit(text) TO coredepot_writer;

-- Count the files that existed before.
SELECT recount_kept_files();

COMMIT;
