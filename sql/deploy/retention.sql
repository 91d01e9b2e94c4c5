-- Deploy coredepot:retention to pg
-- requires: coredumps

BEGIN;

-- In which order a device's core dumps came, which is what retention goes by. Not by uploaded_at: that
-- is what the clock of one machine said, and a clock that was ahead for a while, or was set back, would
-- have each new core dump push the last one out.
--
-- Ids are given in the order of arrival, whatever the clocks. Only what came late has to be put in its
-- place by time; so each row gets a time, too: none came later than any that came after it, and what
-- clocks said that were ahead is corrected by the rows of after they were set right. (`id + 0`, so that
-- no plan walks all core dumps by their primary key.)
-- Replaced by milestones.sql.
CREATE VIEW coredump_arrivals AS
  SELECT id, device_id, signature,
         CASE WHEN came_late THEN least(uploaded_at, no_later_than) ELSE no_later_than END AS came_at
    FROM (SELECT id, device_id, signature, came_late, uploaded_at,
                 min(created_at) OVER (PARTITION BY device_id ORDER BY id + 0 DESC) AS no_later_than
            FROM coredumps) AS bounded;
COMMENT ON VIEW coredump_arrivals IS 'The newest first is ORDER BY came_at DESC, id DESC';
GRANT SELECT ON coredump_arrivals TO coredepot_reader, coredepot_writer;

-- Which of a device's core dumps have to go so that `keep` are left: those that came first, but never
-- `accepted`. An empty array, when there are no more than that.
-- Replaced by milestones.sql.
CREATE FUNCTION surplus_coredumps(of_device bigint, accepted bigint, keep integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- Whether there are too many is seen without putting them in order, which grows with their number.
  PERFORM FROM coredumps c WHERE c.device_id = of_device OFFSET keep LIMIT 1;
  IF NOT FOUND THEN
    RETURN '{}';
  END IF;

  PERFORM FROM coredumps c WHERE c.device_id = of_device AND c.came_late LIMIT 1;
  IF FOUND THEN
    RETURN ARRAY (
      SELECT a.id FROM coredump_arrivals a
       WHERE a.device_id = of_device AND a.id <> accepted
       ORDER BY a.came_at DESC, a.id DESC
      OFFSET keep - 1);
  END IF;

  -- The same order where none came late, for less.
  RETURN ARRAY (
    SELECT c.id FROM coredumps c
     WHERE c.device_id = of_device AND c.id <> accepted
     ORDER BY c.id + 0 DESC
    OFFSET keep - 1);
END
$$;
REVOKE EXECUTE ON FUNCTION surplus_coredumps(bigint, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION surplus_coredumps(bigint, bigint, integer) TO coredepot_writer;

COMMIT;
