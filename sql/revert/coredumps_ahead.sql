-- Revert coredepot:coredumps_ahead from pg

BEGIN;

CREATE OR REPLACE FUNCTION count_coredumps() RETURNS boolean
LANGUAGE plpgsql
SET enable_seqscan = on  -- this one does look at all
AS $$
DECLARE
  started timestamptz;
BEGIN
  PERFORM FROM coredump_statistics
    WHERE clock_timestamp() BETWEEN counted_at AND counted_at + 100 * took;
  IF FOUND OR NOT pg_try_advisory_xact_lock(hashtext('count_coredumps')) THEN
    RETURN false;
  END IF;
  started := clock_timestamp();
  INSERT INTO coredump_statistics AS s (pending, parsed, error, bytes, counted_at, took)
  SELECT count(*) FILTER (WHERE parse_status = 'PENDING'),
         count(*) FILTER (WHERE parse_status = 'PARSED'),
         count(*) FILTER (WHERE parse_status = 'ERROR'),
         coalesce(sum(size), 0), started, interval '0'
    FROM coredumps
      ON CONFLICT (one_row) DO UPDATE
     SET pending = excluded.pending, parsed = excluded.parsed, error = excluded.error,
         bytes = excluded.bytes, counted_at = excluded.counted_at,
         took = clock_timestamp() - excluded.counted_at;
  RETURN true;
END
$$;
ALTER TABLE coredump_statistics DROP COLUMN ahead;

COMMIT;
