-- Deploy coredepot:quick_uploads to pg
-- requires: dump_objects
-- requires: milestones

BEGIN;

-- Does what record_coredump() does, for uploads that are surely new: in three statements instead of eight.
-- Such an upload has no idempotency key, nobody asks whether its bytes were there before, and nothing else of
-- the device has its name. If something does have the name, perhaps because the answer to this very call was
-- lost, this fails with a unique violation. Then record_coredump() finds out what it is.
--
-- It returns the same rows. The session decides how it is planned (shared/db/session.cpp): SET clauses here
-- would cost a thirtieth of its time.
-- Replaced by exact_upload_limit.sql.
CREATE FUNCTION record_upload(
  upload_window interval, upload_refill interval,
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_sha256 bytea, new_uploaded_at timestamptz, keep integer, new_object text
) RETURNS TABLE (coredump_id bigint, recorded_filename text, recorded_object text,
                 evicted_filename text, evicted_object text, wait interval)
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := clock_timestamp();
BEGIN
  -- The device's row lock first, as in record_coredump(): here by changing it, if its budget allows that. Whoever had
  -- to wait for the lock judges by what is there then.
  UPDATE devices d
     SET last_coredump_at = greatest(d.last_coredump_at, new_uploaded_at),
         upload_budget_full_at = upload_budget_after(
           d.upload_budget_full_at, at, upload_window,
           CASE WHEN d.last_coredump_at > at + interval '5 seconds' THEN interval '0' ELSE upload_refill END)
   WHERE d.id = for_device
     AND upload_wait(
           d.upload_budget_full_at, at, upload_window,
           CASE WHEN d.last_coredump_at > at + interval '5 seconds' THEN interval '0' ELSE upload_refill END)
         = interval '0';
  IF NOT FOUND THEN  -- gone, or over its limit
    RETURN QUERY
      SELECT * FROM record_coredump(
        upload_window, upload_refill, for_device, new_filename, new_chip, new_firmware_version, new_size, new_sha256,
        new_uploaded_at, NULL, false, keep, false, new_object);
    RETURN;
  END IF;

  INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, sha256, uploaded_at, object, store)
  VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_sha256, new_uploaded_at, new_object,
          CASE WHEN new_object IS NULL THEN own_store() ELSE bucket_store() END)
  RETURNING coredumps.id INTO coredump_id;
  recorded_filename := new_filename;
  recorded_object := new_object;
  RETURN NEXT;

  -- See surplus_coredumps(), which knows what to do with those that came late.
  RETURN QUERY
    DELETE FROM coredumps c
     WHERE c.id = ANY ((
       SELECT CASE WHEN bool_or(x.came_late) THEN surplus_coredumps(for_device, coredump_id, keep)
                   ELSE (array_agg(x.id ORDER BY x.is_milestone DESC, x.id DESC))[keep:] END
         FROM coredumps x
        WHERE x.device_id = for_device AND x.id <> coredump_id)::bigint[])
    RETURNING NULL::bigint, NULL::text, NULL::text, c.filename::text, c.object, NULL::interval;
END
$$;

REVOKE EXECUTE ON FUNCTION
  record_upload(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, integer, text)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  record_upload(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, integer, text)
  TO coredepot_writer;

COMMIT;
