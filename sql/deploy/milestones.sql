-- Deploy coredepot:milestones to pg
-- requires: retention
-- requires: tend_issues

BEGIN;

-- The first core dump of an issue, the first after each regression, and the first of an issue in each
-- version. People look at them to learn when a bug began, so retention removes them last. Whether a core dump
-- is a milestone is decided when it is counted, and stays so.
ALTER TABLE coredumps ADD COLUMN is_milestone boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN coredumps.is_milestone IS
  'The first of an issue, the first after a regression, or the first of an issue in a version, as they were counted';

-- Counting a core dump locks its row. Another one that somebody holds is skipped: merging issues takes locks
-- that come after those of core dumps.
CREATE FUNCTION mark_milestone(dump bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM coredumps c WHERE c.id = dump AND NOT c.is_milestone FOR NO KEY UPDATE SKIP LOCKED;
  IF FOUND THEN
    UPDATE coredumps c SET is_milestone = true WHERE c.id = dump;
  END IF;
END
$$;

CREATE FUNCTION note_milestone_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_milestone(NEW.coredump_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER milestone_of_history AFTER INSERT ON issue_history FOR EACH ROW
  WHEN (NEW.coredump_id IS NOT NULL AND NEW.event IN ('created', 'regressed'))
  EXECUTE FUNCTION note_milestone_of_history();

-- When a version is new to an issue, its core dump has just been counted, and few are newer. (After a merge
-- there may be several; none is looked for, because each was a milestone before.)
CREATE FUNCTION note_milestone_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_milestone(o.coredump_id)
     FROM signatures s
     CROSS JOIN LATERAL (
       SELECT newest.coredump_id, newest.version_id FROM occurrences newest
        WHERE newest.signature_id = s.id ORDER BY newest.at DESC, newest.coredump_id DESC LIMIT 1000) AS o
    WHERE s.issue_id = NEW.issue_id AND o.version_id = NEW.version_id
    LIMIT 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER milestone_of_version AFTER INSERT ON issue_versions FOR EACH ROW
  WHEN (NEW.occurrences = 1) EXECUTE FUNCTION note_milestone_of_version();

-- Mark earlier milestones.
UPDATE coredumps c SET is_milestone = true
 WHERE c.id IN (SELECT h.coredump_id FROM issue_history h
                 WHERE h.coredump_id IS NOT NULL AND h.event IN ('created', 'regressed'));

CREATE OR REPLACE VIEW coredump_arrivals AS
  SELECT id, device_id, signature,
         CASE WHEN came_late THEN least(uploaded_at, no_later_than) ELSE no_later_than END AS came_at,
         is_milestone
    FROM (SELECT id, device_id, signature, came_late, uploaded_at, is_milestone,
                 min(created_at) OVER (PARTITION BY device_id ORDER BY id + 0 DESC) AS no_later_than
            FROM coredumps) AS bounded;

-- Which of a device's core dumps must be removed so that `keep` are left: the oldest first, milestones last,
-- but never `accepted`. An empty array when there are no more than that.
CREATE OR REPLACE FUNCTION surplus_coredumps(of_device bigint, accepted bigint, keep integer) RETURNS bigint[]
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
       ORDER BY a.is_milestone DESC, a.came_at DESC, a.id DESC
      OFFSET keep - 1);
  END IF;

  -- The same order where none came late, for less.
  RETURN ARRAY (
    SELECT c.id FROM coredumps c
     WHERE c.device_id = of_device AND c.id <> accepted
     ORDER BY c.is_milestone DESC, c.id + 0 DESC
    OFFSET keep - 1);
END
$$;

COMMIT;
