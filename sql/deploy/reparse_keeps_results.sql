-- Deploy coredepot:reparse_keeps_results to pg
-- requires: parse_queue

BEGIN;

-- A core dump that is parsed again keeps its result until there is a new one. If its ELF is gone by now, it
-- is PARSED again with the old result.
CREATE OR REPLACE FUNCTION is_state_of_coredump(
  parse_status text, parsed_at timestamptz, parsed_output text, lease uuid, signature text, title text,
  report json, awaits_firmware_since bigint
) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE parse_status
    WHEN 'PENDING' THEN awaits_firmware_since IS NULL
                        AND (num_nonnulls(parsed_at, parsed_output, signature, title, report) = 0
                             OR num_nulls(parsed_at, parsed_output) = 0)
    WHEN 'PARSED'  THEN num_nulls(parsed_at, parsed_output) = 0
                        AND num_nonnulls(lease, awaits_firmware_since) = 0
    WHEN 'ERROR'   THEN parsed_output IS NOT NULL
                        AND num_nonnulls(parsed_at, lease, signature, title, report) = 0
    ELSE false
  END;
END
$$;

-- Puts core dumps back into the queue, as if they had just been uploaded. A good result stays in the row. A
-- core dump that is being parsed loses its lease, so that parse records nothing. Returns how many there were.
-- Replaced by expired_files.sql.
CREATE OR REPLACE FUNCTION requeue_coredumps(chosen bigint[]) RETURNS bigint
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE coredumps
       SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL,
           suspicion = 0, last_error = NULL,
           parsed_output = CASE WHEN parsed_at IS NULL THEN NULL ELSE parsed_output END,
           awaits_firmware_since = NULL, awaits_elf = NULL, updated_at = now()
     WHERE id = ANY (chosen)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;

COMMENT ON COLUMN coredumps.parsed_at IS
  'with parsed_output, signature, title and report: of the last parse that had a result. In a core dump that is '
  'PENDING they are of the parse before.';

COMMIT;
