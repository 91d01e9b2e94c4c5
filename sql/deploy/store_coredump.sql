-- Deploy coredepot:store_coredump to pg
-- requires: coredumps

BEGIN;

-- Records an upload whose file is on stable storage already, and enforces retention, in one round
-- trip and one transaction.
--
-- Updating the device first takes its row lock (FOR NO KEY UPDATE), so uploads of one device
-- follow one another and each statement below sees what the one before committed: the limit is
-- exact. A single statement with CTEs would look at one snapshot and let parallel uploads pass it.
--
-- The new dump itself is never evicted, even when the server's clock was set back and it looks
-- older than the others: it was accepted.
--
-- Safe to call again with the same arguments after the connection was lost during a call.
--
-- Returns the new row's id first, then one row for each evicted file; nothing when the device is
-- gone.
CREATE FUNCTION store_coredump(
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_uploaded_at timestamptz, keep integer
) RETURNS TABLE (coredump_id bigint, evicted_filename text)
LANGUAGE plpgsql AS $$
DECLARE
  new_id bigint;
BEGIN
  UPDATE devices SET last_coredump_at = greatest(last_coredump_at, new_uploaded_at)
   WHERE devices.id = for_device;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  SELECT c.id INTO new_id FROM coredumps c
   WHERE c.device_id = for_device AND c.filename = new_filename
     AND c.uploaded_at = new_uploaded_at AND c.size = new_size;
  IF NOT FOUND THEN
    INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at)
    VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_uploaded_at)
    RETURNING coredumps.id INTO new_id;
  END IF;
  RETURN QUERY SELECT new_id, NULL::text;

  RETURN QUERY
    DELETE FROM coredumps WHERE coredumps.id IN (
      SELECT c.id FROM coredumps c
       WHERE c.device_id = for_device AND c.id <> new_id
       ORDER BY c.uploaded_at DESC, c.id DESC
      OFFSET keep - 1
    ) RETURNING NULL::bigint, coredumps.filename;
END
$$;

REVOKE EXECUTE ON FUNCTION
  store_coredump(bigint, text, text, text, bigint, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  store_coredump(bigint, text, text, text, bigint, timestamptz, integer) TO coredepot_writer;

COMMIT;
