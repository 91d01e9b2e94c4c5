-- Deploy coredepot:repeated_uploads to pg
-- requires: coredumps

BEGIN;

-- The core dump as which an upload was recorded before: by a call of record_coredump() with the same
-- arguments whose answer was lost; as the same bytes under the same idempotency key; or, with `deduplicate`,
-- as the same bytes. Null: it was not. Other bytes under a used key are another core dump: a device that
-- counts its crashes from 1 again after a reset must not lose them.
--
-- Two hosts may give the same name, for the same microsecond, to core dumps of the same size. The hash tells
-- them from a repeated call, if both have one.
CREATE FUNCTION find_upload(
  of_device bigint, new_filename text, new_size bigint, new_sha256 bytea, new_uploaded_at timestamptz,
  new_idempotency_key text, deduplicate boolean
) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  repeated bigint;
BEGIN
  SELECT c.id INTO repeated FROM coredumps c
   WHERE c.device_id = of_device AND c.filename = new_filename
     AND c.uploaded_at = new_uploaded_at AND c.size = new_size
     AND coalesce(c.sha256 = new_sha256, true);
  IF NOT FOUND THEN
    SELECT c.id INTO repeated FROM coredumps c
     WHERE c.device_id = of_device AND c.sha256 = new_sha256
       AND (deduplicate OR c.idempotency_key = new_idempotency_key)
     ORDER BY c.idempotency_key IS NOT DISTINCT FROM new_idempotency_key DESC, c.id
     LIMIT 1;
  END IF;
  RETURN repeated;
END
$$;
REVOKE EXECUTE ON FUNCTION
  find_upload(bigint, text, bigint, bytea, timestamptz, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  find_upload(bigint, text, bigint, bytea, timestamptz, text, boolean) TO coredepot_writer;

COMMIT;
