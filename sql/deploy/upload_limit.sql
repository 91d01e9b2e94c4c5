-- Deploy coredepot:upload_limit to pg
-- requires: store_coredump

BEGIN;

ALTER TABLE devices ADD COLUMN upload_budget_full_at timestamptz;
COMMENT ON COLUMN devices.upload_budget_full_at IS
  'When it may upload a whole burst again (see shared/domain/upload_limit.hpp); null: now';

GRANT UPDATE (upload_budget_full_at) ON devices TO coredepot_writer;

-- In place of the one that knew no limit.
DROP FUNCTION store_coredump(bigint, text, text, text, bigint, timestamptz, integer);

-- Records an upload whose file is on stable storage already, within the device's budget, and
-- enforces retention, in one round trip and one transaction.
--
-- Updating the device first takes its row lock (FOR NO KEY UPDATE), so uploads of one device
-- follow one another and each statement below sees what the one before committed: both limits are
-- exact. A single statement with CTEs would look at one snapshot and let parallel uploads pass.
--
-- The budget is full upload_window after it was empty, and one upload comes back every
-- upload_refill (zero: no limit). The database's clock is the one that all machines with handlers
-- share. More debt than a whole window is none of this limit's: the limit was lowered, or the clock
-- set back, and nobody is kept out for that.
--
-- The new dump itself is never evicted, even when the server's clock was set back and it looks
-- older than the others: it was accepted.
--
-- Safe to call again with the same arguments after the connection was lost during a call.
--
-- Returns the new row's id first, then one row for each evicted file; of a device without budget
-- one row with nothing but the time that it has to wait; nothing when the device is gone.
CREATE FUNCTION store_coredump(
  upload_window interval, upload_refill interval,
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_uploaded_at timestamptz, keep integer
) RETURNS TABLE (coredump_id bigint, evicted_filename text, wait interval)
LANGUAGE plpgsql AS $$
DECLARE
  within_budget boolean;
  new_id bigint;
BEGIN
  UPDATE devices d
     SET last_coredump_at = greatest(d.last_coredump_at, new_uploaded_at),
         upload_budget_full_at = CASE
           WHEN upload_refill = interval '0' THEN d.upload_budget_full_at
           WHEN d.upload_budget_full_at > clock_timestamp() + upload_window
             THEN clock_timestamp() + upload_window
           ELSE greatest(d.upload_budget_full_at, clock_timestamp()) + upload_refill
         END
   WHERE d.id = for_device
     AND (d.upload_budget_full_at IS NULL
          OR d.upload_budget_full_at <= clock_timestamp() + upload_window - upload_refill
          OR d.upload_budget_full_at > clock_timestamp() + upload_window);
  within_budget := FOUND;

  SELECT c.id INTO new_id FROM coredumps c
   WHERE c.device_id = for_device AND c.filename = new_filename
     AND c.uploaded_at = new_uploaded_at AND c.size = new_size;
  IF NOT FOUND THEN
    IF NOT within_budget THEN
      RETURN QUERY
        SELECT NULL::bigint, NULL::text,
               d.upload_budget_full_at + upload_refill - upload_window - clock_timestamp()
          FROM devices d WHERE d.id = for_device;
      RETURN;
    END IF;
    INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at)
    VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_uploaded_at)
    RETURNING coredumps.id INTO new_id;
  END IF;
  RETURN QUERY SELECT new_id, NULL::text, NULL::interval;

  RETURN QUERY
    DELETE FROM coredumps WHERE coredumps.id IN (
      SELECT c.id FROM coredumps c
       WHERE c.device_id = for_device AND c.id <> new_id
       ORDER BY c.uploaded_at DESC, c.id DESC
      OFFSET keep - 1
    ) RETURNING NULL::bigint, coredumps.filename, NULL::interval;
END
$$;

REVOKE EXECUTE ON FUNCTION
  store_coredump(interval, interval, bigint, text, text, text, bigint, timestamptz, integer)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  store_coredump(interval, interval, bigint, text, text, text, bigint, timestamptz, integer)
  TO coredepot_writer;

COMMIT;
