-- Deploy coredepot:retention to pg
-- requires: coredumps

BEGIN;

-- The order in which a device's core dumps came. Retention goes by it, not by uploaded_at, which is the time
-- of one machine's clock. If that clock was ahead for a while, or was set back, each new core dump would push
-- out the last one.
--
-- IDs are given in the order of arrival, whatever the clocks say. Only late core dumps have to be put in
-- their place by time. So each row gets a time, too. No row came later than any that came after it, so rows
-- from after a clock was set right correct the times from when it was ahead. (`id + 0` keeps plans from
-- walking all core dumps by their primary key.)
-- Replaced by milestones.sql.
CREATE VIEW coredump_arrivals AS
  SELECT id, device_id, signature,
         CASE WHEN came_late THEN least(uploaded_at, no_later_than) ELSE no_later_than END AS came_at
    FROM (SELECT id, device_id, signature, came_late, uploaded_at,
                 min(created_at) OVER (PARTITION BY device_id ORDER BY id + 0 DESC) AS no_later_than
            FROM coredumps) AS bounded;
COMMENT ON VIEW coredump_arrivals IS 'The newest first is ORDER BY came_at DESC, id DESC';
GRANT SELECT ON coredump_arrivals TO coredepot_reader, coredepot_writer;

-- Which of a device's core dumps must be removed so that `keep` are left: the oldest first, but never
-- `accepted`. An empty array when there are no more than that.
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
