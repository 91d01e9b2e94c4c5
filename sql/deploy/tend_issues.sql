-- Deploy coredepot:tend_issues to pg
-- requires: record_parse

BEGIN;

-- What runners do besides parsing, a little at a time. Each call is a short transaction and returns whether
-- there may be more to do. A call can be left out, repeated, or made by several runners at once.

-- Core dumps from before issues were counted, oldest first.
CREATE TABLE uncounted_coredumps (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  done_to bigint  NOT NULL,
  last    bigint  NOT NULL
);
COMMENT ON COLUMN uncounted_coredumps.done_to IS 'the id up to which they are counted';
COMMENT ON COLUMN uncounted_coredumps.last    IS 'the newest that there was when counting began';
INSERT INTO uncounted_coredumps (done_to, last) SELECT 0, coalesce(max(id), 0) FROM coredumps;

-- Counts the next of them. Only one at a time, like record_parse(): counting several would lock their issues
-- in the order of the core dumps.
CREATE FUNCTION count_earlier_coredump() RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  progress uncounted_coredumps;
  c        record;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO progress FROM uncounted_coredumps WHERE one_row FOR UPDATE SKIP LOCKED;
  IF NOT FOUND OR progress.done_to >= progress.last THEN
    RETURN false;
  END IF;
  SELECT c0.id, c0.device_id, c0.uploaded_at, c0.signature, c0.title, c0.report, c0.firmware_version
    INTO c FROM coredumps c0 WHERE c0.id > progress.done_to AND c0.id <= progress.last
   ORDER BY c0.id LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    -- Deleted meanwhile, or the last one.
    UPDATE uncounted_coredumps
       SET done_to = coalesce((SELECT min(n.id) - 1 FROM coredumps n WHERE n.id > progress.done_to
                                  AND n.id <= progress.last), progress.last);
    RETURN true;
  END IF;
  PERFORM FROM occurrences o WHERE o.coredump_id = c.id;
  -- Also one that waits to be parsed again: it keeps its result until there is another.
  IF NOT FOUND AND c.signature IS NOT NULL THEN
    PERFORM count_occurrence(c.id, c.device_id, c.uploaded_at, c.signature, c.title, c.report,
                             version_of_elf(c.device_id, c.report ->> 'elf_sha256', c.firmware_version), false);
  END IF;
  UPDATE uncounted_coredumps SET done_to = c.id;
  RETURN true;
END
$$;

-- The version whose bundle has an ELF: the one that the device claimed if its bundle has it, else the newest.
-- Null: no known bundle has it.
-- Replaced by versions_of_kept_elves.sql.
CREATE FUNCTION version_of_elf(of_device bigint, elf text, claimed text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT v.version FROM firmware_versions v
    JOIN devices d ON d.id = of_device AND v.device_model_id = d.device_model_id
   WHERE v.elf_sha256 = elf
   ORDER BY v.version = claimed DESC, v.id DESC LIMIT 1
$$;

-- Removes deleted core dumps of one signature from the counts of kept ones.
CREATE FUNCTION settle_gone_occurrences() RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  of_signature bigint;
  of_model     bigint;
  of_issue     bigint;
  settled      record;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT o.signature_id INTO of_signature FROM occurrences o WHERE o.gone ORDER BY o.signature_id LIMIT 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT s.device_model_id INTO of_model FROM signatures s WHERE s.id = of_signature;
  PERFORM lock_mapping(of_model, false);
  SELECT s.issue_id INTO of_issue FROM signatures s WHERE s.id = of_signature;
  PERFORM FROM issues i WHERE i.id = of_issue FOR NO KEY UPDATE;
  WITH chosen AS (
    SELECT o.coredump_id FROM occurrences o WHERE o.signature_id = of_signature AND o.gone
     ORDER BY o.coredump_id LIMIT 1000
  ), removed AS (
    DELETE FROM occurrences o USING chosen WHERE o.coredump_id = chosen.coredump_id AND o.gone RETURNING o.at
  )
  SELECT count(*) AS many, min(at) AS first, max(at) AS last INTO settled FROM removed;
  UPDATE signatures s
     SET kept = kept - settled.many, settled_first = least(settled_first, settled.first),
         settled_last = greatest(settled_last, settled.last)
   WHERE s.id = of_signature;
  UPDATE issues i SET kept = kept - settled.many WHERE i.id = of_issue;
  RETURN true;
END
$$;

-- Opens one issue whose mute is over.
CREATE FUNCTION unmute_due_issue() RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  due bigint;
BEGIN
  SELECT i.id INTO due FROM issues i WHERE i.unmute_at <= now() ORDER BY i.unmute_at LIMIT 1
     FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM reopen_issue(due, 'unmuted', NULL);
  PERFORM note_issue(due, 'unmuted');
  RETURN true;
END
$$;

-- Removes a thousand hours and days that are too old from the series.
CREATE FUNCTION trim_series() RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
DECLARE
  hours integer;
  days  integer;
BEGIN
  DELETE FROM signature_hours WHERE ctid = ANY (ARRAY (
    SELECT h.ctid FROM signature_hours h WHERE h.hour < now() - interval '14 days 1 hour'
     ORDER BY h.hour LIMIT 1000 FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS hours = ROW_COUNT;
  DELETE FROM signature_days WHERE ctid = ANY (ARRAY (
    SELECT d.ctid FROM signature_days d WHERE d.day < (now() AT TIME ZONE 'UTC')::date - 401
     ORDER BY d.day LIMIT 1000 FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS days = ROW_COUNT;
  RETURN hours + days > 0;
END
$$;

GRANT SELECT ON uncounted_coredumps TO coredepot_reader, coredepot_writer;
GRANT UPDATE ON uncounted_coredumps TO coredepot_writer;

COMMIT;
