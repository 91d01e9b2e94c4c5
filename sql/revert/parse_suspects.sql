-- Revert coredepot:parse_suspects from pg

BEGIN;

CREATE OR REPLACE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           parsed_output = NULL, parsed_at = NULL, last_error = NULL,
           signature = NULL, title = NULL, report = NULL,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;
COMMENT ON COLUMN coredumps.attempts IS 'attempts to parse that were started';
ALTER TABLE coredumps DROP COLUMN leased_alone, DROP COLUMN suspicion;

COMMIT;
