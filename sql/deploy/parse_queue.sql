-- Deploy coredepot:parse_queue to pg
-- requires: coredumps
-- requires: firmware

BEGIN;

-- Core dumps that ended in ERROR for want of a bundle that exists now.
CREATE VIEW coredumps_whose_firmware_arrived AS
  SELECT c.id, d.device_model_id
    FROM coredumps c
    JOIN devices d ON d.id = c.device_id
   WHERE c.awaits_firmware_since IS NOT NULL
     AND EXISTS (SELECT FROM firmware_versions v
                  WHERE v.device_model_id = d.device_model_id
                    AND v.revision > c.awaits_firmware_since AND v.elf_sha256 IS NOT NULL
                    AND (v.version = c.firmware_version
                         OR v.elf_sha256 LIKE c.awaits_elf || '%'));
GRANT SELECT ON coredumps_whose_firmware_arrived TO coredepot_reader, coredepot_writer;

-- Puts core dumps back into the queue, as if they had just been uploaded. One that is being parsed loses its
-- lease, so that parse records nothing. Returns how many there were.
-- Replaced by expired_files.sql.
CREATE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           suspicion = 0, parsed_output = NULL, parsed_at = NULL, last_error = NULL,
           signature = NULL, title = NULL, report = NULL,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;
REVOKE EXECUTE ON FUNCTION requeue_coredumps(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requeue_coredumps(bigint[]) TO coredepot_writer;

COMMIT;
