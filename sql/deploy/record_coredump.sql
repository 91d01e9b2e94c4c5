-- Deploy coredepot:record_coredump to pg
-- requires: retention
-- requires: upload_limit
-- requires: repeated_uploads

BEGIN;

-- Records an upload whose file is already on stable storage, within the device's budget (see upload_limit),
-- unless it was recorded before (see repeated_uploads), and applies retention: in one round trip and one
-- transaction. An upload that was recorded before evicts nothing and is not refused.
--
-- The `keep` newest of a device's rows stay, and also the new one, whatever its time, because it was
-- accepted. A null `keep` leaves the choice to the caller, in the same transaction
-- (shared/domain/retention.hpp).
--
-- Returns the row's ID and filename first (the earlier filename if it was recorded before), then a row for
-- each evicted file. For a device without budget, returns a row with only the time to wait. If another core
-- dump has the name, returns a row with only that name and changes nothing. Returns nothing when the device
-- is gone.
-- Replaced by dump_objects.sql.
CREATE FUNCTION record_coredump(
  upload_window interval, upload_refill interval,
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_sha256 bytea, new_uploaded_at timestamptz, new_idempotency_key text,
  deduplicate boolean, keep integer, new_came_late boolean
) RETURNS TABLE (coredump_id bigint, recorded_filename text, evicted_filename text, wait interval)
LANGUAGE plpgsql
-- One plan for all calls: planning each call for its parameters took a quarter of its time. Plans use
-- indexes, because a plan that is made while the tables are empty is kept when they are not. (This also holds
-- in the functions that are called from here.)
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
    SELECT c.filename INTO recorded_filename FROM coredumps c WHERE c.id = coredump_id;
    RETURN NEXT;
    RETURN;
  END IF;

  recorded_filename := new_filename;
  INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, sha256, uploaded_at,
                         idempotency_key, came_late)
  VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_sha256,
          new_uploaded_at, new_idempotency_key, new_came_late)
  RETURNING coredumps.id INTO coredump_id;
  RETURN NEXT;

  IF keep IS NULL THEN
    RETURN;
  END IF;
  surplus := surplus_coredumps(for_device, coredump_id, keep);
  IF surplus <> '{}' THEN
    RETURN QUERY
      DELETE FROM coredumps WHERE coredumps.id = ANY (surplus)
      RETURNING NULL::bigint, NULL::text, coredumps.filename::text, NULL::interval;
  END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean)
  TO coredepot_writer;

COMMIT;
