-- Deploy coredepot:exact_upload_limit to pg
-- requires: quick_uploads

BEGIN;

-- An upload reads the clock and then waits for the device's lock. Meanwhile, others that read the clock a
-- moment later may use up the whole budget. Then the budget seemed to be full more than a whole window from
-- now, as after a clock was set back, and one upload too many got in. record_coredump() reads the clock under
-- the lock.
CREATE OR REPLACE FUNCTION record_upload(
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
         = interval '0'
     -- Or it read the clock first, and then waited for others who have used the budget up.
     AND (d.upload_budget_full_at > at + upload_window) IS NOT TRUE;
  IF NOT FOUND THEN  -- gone, over its limit, or for record_coredump() to decide
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

COMMIT;
