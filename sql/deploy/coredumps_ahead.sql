-- Deploy coredepot:coredumps_ahead to pg
-- requires: statistics

BEGIN;

ALTER TABLE coredump_statistics ADD COLUMN ahead bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN coredump_statistics.ahead IS
  'Core dumps that were uploaded in the future: by a clock that was ahead';

-- As in statistics, and those, too. (Five seconds: handlers on other machines may be a little ahead.)
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
  INSERT INTO coredump_statistics AS s (pending, parsed, error, bytes, ahead, counted_at, took)
  SELECT count(*) FILTER (WHERE parse_status = 'PENDING'),
         count(*) FILTER (WHERE parse_status = 'PARSED'),
         count(*) FILTER (WHERE parse_status = 'ERROR'),
         coalesce(sum(size), 0),
         count(*) FILTER (WHERE uploaded_at > started + interval '5 seconds'),
         started, interval '0'
    FROM coredumps
      ON CONFLICT (one_row) DO UPDATE
     SET pending = excluded.pending, parsed = excluded.parsed, error = excluded.error,
         bytes = excluded.bytes, ahead = excluded.ahead, counted_at = excluded.counted_at,
         took = clock_timestamp() - excluded.counted_at;
  RETURN true;
END
$$;

COMMIT;
