-- Deploy coredepot:dump_objects to pg
-- requires: record_coredump
-- requires: queue_of_store
-- requires: file_retention

BEGIN;

-- A core dump's file may be an object in a bucket (docs/runbook.md, "Object storage"). Its row names the key.
-- All objects have the same store, which every host with the bucket can reach. So queue and retention treat
-- the bucket like any store. Programs of the previous version take it for a folder of another host, and leave
-- such core dumps alone.
ALTER TABLE coredumps ADD COLUMN object text;
COMMENT ON COLUMN coredumps.object IS
  'Key of its object in the bucket, below S3_PREFIX, and then store is bucket_store(); null: it is a file in a COREDUMPS_DIR';

CREATE FUNCTION bucket_store() RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
$$;
COMMENT ON COLUMN coredumps.store IS
  'Names the COREDUMPS_DIR that its file is in (.store-id there); nil: it is not known; bucket_store(): an object';

-- Records an upload whose file or object is already on stable storage, within the device's budget (see
-- upload_limit), unless it was recorded before (see repeated_uploads), and applies retention: in one round
-- trip and one transaction. An upload that was recorded before evicts nothing and is not refused.
--
-- The `keep` newest of a device's rows stay, and also the new one, whatever its time, because it was
-- accepted. A null `keep` leaves the choice to the caller, in the same transaction
-- (shared/domain/retention.hpp).
--
-- Returns the row's ID, filename and object first (the earlier ones if it was recorded before), then a row
-- for each evicted file. For a device without budget, returns a row with only the time to wait. If another
-- core dump has the name, returns a row with only that name and changes nothing. Returns nothing when the
-- device is gone.
--
-- It stands beside the function of the previous version, which older programs call until they are replaced.
-- What that one evicts leaves its object behind, for coredepot-fsck.
CREATE FUNCTION record_coredump(
  upload_window interval, upload_refill interval,
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_sha256 bytea, new_uploaded_at timestamptz, new_idempotency_key text,
  deduplicate boolean, keep integer, new_came_late boolean, new_object text
) RETURNS TABLE (coredump_id bigint, recorded_filename text, recorded_object text,
                 evicted_filename text, evicted_object text, wait interval)
LANGUAGE plpgsql
-- One plan for all: with parameters in sight, planning each call anew took a quarter of its time. By
-- indexes: a plan that is made while the tables are empty is kept when they are not. (This holds in the
-- functions that are called from here, too.)
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  newest         timestamptz;
  budget_full_at timestamptz;
  at             timestamptz;
  name_is_used   boolean;
  is_repeat      boolean;
  surplus        bigint[];
BEGIN
  -- The device's row lock first, so that uploads of one device follow one another and each statement below
  -- sees what the one before committed: limits and the look for an earlier upload are exact. A single
  -- statement with CTEs would look at one snapshot and let parallel uploads pass.
  SELECT d.last_coredump_at, d.upload_budget_full_at INTO newest, budget_full_at
    FROM devices d WHERE d.id = for_device FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  -- The look by bytes is only for those who ask for it; most uploads are over with the look by name.
  PERFORM FROM coredumps c WHERE c.device_id = for_device AND c.filename = new_filename;
  name_is_used := FOUND;
  IF name_is_used OR deduplicate OR new_idempotency_key IS NOT NULL THEN
    coredump_id := find_upload(for_device, new_filename, new_size, new_sha256, new_uploaded_at,
                               new_idempotency_key, deduplicate);
  END IF;
  is_repeat := coredump_id IS NOT NULL;
  IF name_is_used AND NOT is_repeat THEN
    recorded_filename := new_filename;
    RETURN NEXT;
    RETURN;
  END IF;

  -- By the database's clock, which all machines with handlers share. If it was set back, that shows in an
  -- upload that lies in the future; then the budget counts for nothing until that time has come. (Five
  -- seconds: handlers on other machines may be a little ahead.)
  at := clock_timestamp();
  IF newest > at + interval '5 seconds' THEN
    upload_refill := interval '0';
  END IF;
  wait := upload_wait(budget_full_at, at, upload_window, upload_refill);
  IF wait > interval '0' AND NOT is_repeat THEN
    RETURN NEXT;
    RETURN;
  END IF;
  IF wait = interval '0' THEN
    UPDATE devices d
       SET last_coredump_at = CASE WHEN is_repeat THEN newest ELSE greatest(newest, new_uploaded_at) END,
           upload_budget_full_at = upload_budget_after(budget_full_at, at, upload_window, upload_refill)
     WHERE d.id = for_device;
  END IF;
  wait := NULL;

  IF is_repeat THEN
    SELECT c.filename, c.object INTO recorded_filename, recorded_object FROM coredumps c WHERE c.id = coredump_id;
    RETURN NEXT;
    RETURN;
  END IF;

  recorded_filename := new_filename;
  recorded_object := new_object;
  INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, sha256, uploaded_at,
                         idempotency_key, came_late, object, store)
  VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_sha256,
          new_uploaded_at, new_idempotency_key, new_came_late, new_object,
          CASE WHEN new_object IS NULL THEN own_store() ELSE bucket_store() END)
  RETURNING coredumps.id INTO coredump_id;
  RETURN NEXT;

  IF keep IS NULL THEN
    RETURN;
  END IF;
  surplus := surplus_coredumps(for_device, coredump_id, keep);
  IF surplus <> '{}' THEN
    RETURN QUERY
      DELETE FROM coredumps WHERE coredumps.id = ANY (surplus)
      RETURNING NULL::bigint, NULL::text, NULL::text, coredumps.filename::text, coredumps.object, NULL::interval;
  END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean, text)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean, text)
  TO coredepot_writer;

ALTER TABLE expired_files ADD COLUMN object text;

-- A session also says whether it has the bucket.
CREATE OR REPLACE FUNCTION is_own_store(of_file uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT of_file IN (own_store(), '00000000-0000-0000-0000-000000000000')
      OR (of_file = bucket_store() AND coalesce(current_setting('coredepot.bucket', true) = 'on', false))
$$;

-- Lets the files of these core dumps expire, except those that somebody has locked or that are parsed again.
-- They are on the list of files to remove once this is committed. Returns how many.
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
    RETURNING c.id, c.device_id, c.filename, c.size, c.signature, c.store, c.object
  ), owned AS MATERIALIZED (
    SELECT e.*, d.key, d.device_model_id FROM expired e JOIN devices d ON d.id = e.device_id
  ), listed AS (
    INSERT INTO expired_files (coredump_id, device_key, filename, store, object)
    SELECT o.id, o.key, o.filename, o.store, o.object FROM owned o
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

-- Like expire_files(), but only for files in folders: on a full volume, objects free no room.
CREATE FUNCTION expire_local_files(need bigint, block bigint, most bigint, keep bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('coredepot.bucket', 'off', true);  -- for this transaction
  RETURN expire_files(need, block, most, keep);
END
$$;
REVOKE EXECUTE ON FUNCTION expire_local_files(bigint, bigint, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_local_files(bigint, bigint, bigint, bigint) TO coredepot_writer;

COMMIT;
