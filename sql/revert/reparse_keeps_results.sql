-- Revert coredepot:reparse_keeps_results from pg

BEGIN;

UPDATE coredumps SET parsed_output = NULL, parsed_at = NULL, signature = NULL, title = NULL, report = NULL
 WHERE parse_status = 'PENDING' AND parsed_at IS NOT NULL;
COMMENT ON COLUMN coredumps.parsed_at IS NULL;

CREATE OR REPLACE FUNCTION is_state_of_coredump(
  parse_status text, parsed_at timestamptz, parsed_output text, lease uuid, signature text, title text,
  report json, awaits_firmware_since bigint
) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE parse_status
    WHEN 'PENDING' THEN num_nonnulls(parsed_at, parsed_output, signature, title, report,
                                     awaits_firmware_since) = 0
    WHEN 'PARSED'  THEN num_nulls(parsed_at, parsed_output) = 0
                        AND num_nonnulls(lease, awaits_firmware_since) = 0
    WHEN 'ERROR'   THEN parsed_output IS NOT NULL
                        AND num_nonnulls(parsed_at, lease, signature, title, report) = 0
    ELSE false
  END;
END
$$;

CREATE OR REPLACE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
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

COMMIT;
