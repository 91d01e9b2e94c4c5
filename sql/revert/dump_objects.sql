-- Revert coredepot:dump_objects from pg
--
-- Where there are objects, coredepot-migrate-objects brings them back into folders first: this is refused while there
-- are any.

BEGIN;

SELECT 1 / (count(*) = 0)::int FROM (SELECT FROM coredumps WHERE object IS NOT NULL
                                     UNION ALL SELECT FROM expired_files WHERE object IS NOT NULL LIMIT 1) AS objects;

DROP FUNCTION expire_local_files(bigint, bigint, bigint, bigint);

CREATE OR REPLACE FUNCTION expire_chosen(chosen bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION is_own_store(of_file uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT of_file IN (own_store(), '00000000-0000-0000-0000-000000000000')
$$;

ALTER TABLE expired_files DROP COLUMN object;

DROP FUNCTION record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                              boolean, integer, boolean, text);
DROP FUNCTION bucket_store();
COMMENT ON COLUMN coredumps.store IS
  'Names the COREDUMPS_DIR that its file is in (.store-id there); nil: it is not known';
ALTER TABLE coredumps DROP COLUMN object;

COMMIT;
