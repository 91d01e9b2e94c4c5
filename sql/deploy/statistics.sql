-- Deploy coredepot:statistics to pg
-- requires: coredumps

BEGIN;

-- Counts for /metrics, which is asked every few seconds: counting ten million core dumps takes just as long.
CREATE TABLE coredump_statistics (
  one_row    boolean     PRIMARY KEY DEFAULT true CHECK (one_row),
  pending    bigint      NOT NULL,
  parsed     bigint      NOT NULL,
  error      bigint      NOT NULL,
  bytes      bigint      NOT NULL,
  ahead      bigint      NOT NULL DEFAULT 0,
  counted_at timestamptz NOT NULL,
  took       interval    NOT NULL
);
COMMENT ON TABLE  coredump_statistics       IS 'How many core dumps there were when count_coredumps() last looked';
COMMENT ON COLUMN coredump_statistics.ahead IS
  'Core dumps that were uploaded in the future: by a clock that was ahead';
COMMENT ON COLUMN coredump_statistics.took  IS 'how long counting took, and so how soon it is done again';

-- Counts, but spends no more than a hundredth of the time on it. Returns whether it did. It does not wait
-- because a clock was set back. (Five seconds: handlers on other machines may be a little ahead.)
CREATE FUNCTION count_coredumps() RETURNS boolean
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
SELECT count_coredumps();

GRANT SELECT ON coredump_statistics TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE ON coredump_statistics TO coredepot_writer;
REVOKE EXECUTE ON FUNCTION count_coredumps() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_coredumps() TO coredepot_writer;

COMMIT;
