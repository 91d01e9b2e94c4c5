-- Deploy coredepot:parse_suspects to pg
-- requires: coredump_arrivals

BEGIN;

ALTER TABLE coredumps
  ADD COLUMN leased_alone boolean  NOT NULL DEFAULT false,
  ADD COLUMN suspicion    smallint NOT NULL DEFAULT 0 CHECK (suspicion >= 0);
COMMENT ON COLUMN coredumps.leased_alone IS
  'The runner that has the lease parses nothing else meanwhile';
COMMENT ON COLUMN coredumps.suspicion IS
  'Whether it kills runners. 0: none that had its lease was lost since it came into the queue, or one has '
  'survived it; 1: one was lost that may have parsed others, too, so it is parsed alone; one more for each '
  'that was lost then.';
COMMENT ON COLUMN coredumps.attempts IS
  'attempts to parse that were started, without those whose runner was lost';

-- As in parse_queue, and nothing is suspected any more.
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
