-- Deploy coredepot:coredump_arrivals to pg
-- requires: domains

BEGIN;

ALTER TABLE coredumps ADD COLUMN came_late boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN coredumps.came_late IS
  'It was accepted at uploaded_at, but its row made only later: it came out of a spool, or was adopted';

-- In which order a device's core dumps came, which is what retention goes by. Not by uploaded_at: that
-- is what the clock of one machine said, and a clock that was ahead for a while, or was set back, would
-- have each new core dump push the last one out.
--
-- Ids are given in the order of arrival, whatever the clocks. Only what came late has to be put in its
-- place by time; so each row gets a time, too: none came later than any that came after it, and what
-- clocks said that were ahead is corrected by the rows of after they were set right. (`id + 0`, so that
-- no plan walks all core dumps by their primary key.)
CREATE VIEW coredump_arrivals AS
  SELECT id, device_id, signature,
         CASE WHEN came_late THEN least(uploaded_at, no_later_than) ELSE no_later_than END AS came_at
    FROM (SELECT id, device_id, signature, came_late, uploaded_at,
                 min(created_at) OVER (PARTITION BY device_id ORDER BY id + 0 DESC) AS no_later_than
            FROM coredumps) AS bounded;
COMMENT ON VIEW coredump_arrivals IS 'The newest first is ORDER BY came_at DESC, id DESC';
GRANT SELECT ON coredump_arrivals TO coredepot_reader, coredepot_writer;

-- Records an upload whose file is on stable storage already, within the device's budget, unless it
-- was recorded before, and enforces retention: in one round trip and one transaction. (Beside the one
-- without new_came_late, which programs from before this change go on calling until they are restarted.)
--
-- The first statement takes the device's row lock, so uploads of one device follow one another and
-- each statement below sees what the one before committed: limits and the look for an earlier
-- upload are exact. A single statement with CTEs would look at one snapshot and let parallel
-- uploads pass.
--
-- Recorded before: by a call with the same arguments whose answer was lost; the same bytes under the
-- same idempotency key; or, with `deduplicate`, the same bytes. Then there is no second row, nothing
-- is evicted, nobody is refused. Other bytes under a key that was used are another core dump: a
-- device that counts its crashes from 1 again after a reset must not lose them.
--
-- Two hosts may give one name, for one microsecond, to core dumps of one size. The hash tells them from
-- a call that is repeated. (Where one of the two has none, from before hashes were kept, it does not.)
--
-- The budget is full upload_window after it was empty, and one upload comes back every
-- upload_refill (zero: no limit). The database's clock is the one that all machines with handlers
-- share. More debt than a whole window is none of this limit's: the limit was lowered, or the clock
-- set back, and nobody is kept out for that. A clock that was set back by less shows in an upload
-- that lies in the future; then the budget counts for nothing until that time has come. (Five
-- seconds: handlers on other machines may be a little ahead.)
--
-- Of a device's rows the `keep` that came last stay, and the new one whatever its time: it was
-- accepted. A null `keep` leaves the choice to the caller, in the same transaction
-- (shared/domain/retention.hpp).
--
-- Returns the row's id and filename first, the latter another than new_filename when it was recorded
-- before, then one row for each evicted file; of a device without budget one row with nothing but
-- the time that it has to wait; where another core dump has the name, one with nothing but that name,
-- and nothing is changed; nothing when the device is gone.
CREATE FUNCTION record_coredump(
  upload_window interval, upload_refill interval,
  for_device bigint, new_filename text, new_chip text, new_firmware_version text,
  new_size bigint, new_sha256 bytea, new_uploaded_at timestamptz, new_idempotency_key text,
  deduplicate boolean, keep integer, new_came_late boolean
) RETURNS TABLE (coredump_id bigint, recorded_filename text, evicted_filename text, wait interval)
LANGUAGE plpgsql
-- One plan for all: with parameters in sight, planning each call anew took a quarter of its time. By
-- indexes: a plan that is made while the tables are empty is kept when they are not.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  set_back boolean;
  name_taken boolean;
BEGIN
  SELECT coalesce(d.last_coredump_at > clock_timestamp() + interval '5 seconds', false)
    INTO set_back FROM devices d WHERE d.id = for_device FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  SELECT c.id, c.filename,
         NOT (c.uploaded_at = new_uploaded_at AND c.size = new_size
              AND coalesce(c.sha256 = new_sha256, true))
    INTO coredump_id, recorded_filename, name_taken
    FROM coredumps c WHERE c.device_id = for_device AND c.filename = new_filename;
  IF name_taken THEN
    coredump_id := NULL;
  END IF;
  IF coredump_id IS NULL AND (deduplicate OR new_idempotency_key IS NOT NULL) THEN
    SELECT c.id, c.filename INTO coredump_id, recorded_filename FROM coredumps c
     WHERE c.device_id = for_device AND c.sha256 = new_sha256
       AND (deduplicate OR c.idempotency_key = new_idempotency_key)
     ORDER BY c.idempotency_key IS NOT DISTINCT FROM new_idempotency_key DESC, c.id
     LIMIT 1;
  END IF;
  IF name_taken AND coredump_id IS NULL THEN
    recorded_filename := new_filename;
    RETURN NEXT;
    RETURN;
  END IF;

  UPDATE devices d
     SET last_coredump_at = CASE
           WHEN coredump_id IS NULL THEN greatest(d.last_coredump_at, new_uploaded_at)
           ELSE d.last_coredump_at
         END,
         upload_budget_full_at = CASE
           WHEN upload_refill = interval '0' OR set_back THEN d.upload_budget_full_at
           WHEN d.upload_budget_full_at > clock_timestamp() + upload_window
             THEN clock_timestamp() + upload_window
           ELSE greatest(d.upload_budget_full_at, clock_timestamp()) + upload_refill
         END
   WHERE d.id = for_device
     AND (upload_refill = interval '0' OR set_back
          OR d.upload_budget_full_at IS NULL
          OR d.upload_budget_full_at <= clock_timestamp() + upload_window - upload_refill
          OR d.upload_budget_full_at > clock_timestamp() + upload_window);

  IF coredump_id IS NOT NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;
  IF NOT FOUND THEN
    RETURN QUERY
      SELECT NULL::bigint, NULL::text, NULL::text,
             d.upload_budget_full_at + upload_refill - upload_window - clock_timestamp()
        FROM devices d WHERE d.id = for_device;
    RETURN;
  END IF;

  recorded_filename := new_filename;
  INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, sha256, uploaded_at,
                         idempotency_key, came_late)
  VALUES (for_device, new_filename, new_chip, new_firmware_version, new_size, new_sha256,
          new_uploaded_at, new_idempotency_key, new_came_late)
  RETURNING coredumps.id INTO coredump_id;
  RETURN NEXT;

  IF keep IS NOT NULL THEN
    -- Whether there are too many is seen without putting them in order, which grows with their number.
    PERFORM FROM coredumps c WHERE c.device_id = for_device OFFSET keep LIMIT 1;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    PERFORM FROM coredumps c WHERE c.device_id = for_device AND c.came_late LIMIT 1;
    IF FOUND THEN
      RETURN QUERY
        DELETE FROM coredumps WHERE coredumps.id = ANY (ARRAY (
          SELECT a.id FROM coredump_arrivals a
           WHERE a.device_id = for_device AND a.id <> coredump_id
           ORDER BY a.came_at DESC, a.id DESC
          OFFSET keep - 1
        )) RETURNING NULL::bigint, NULL::text, coredumps.filename, NULL::interval;
    ELSE
      -- The same order where none came late, for less.
      RETURN QUERY
        DELETE FROM coredumps WHERE coredumps.id = ANY (ARRAY (
          SELECT c.id FROM coredumps c
           WHERE c.device_id = for_device AND c.id <> coredump_id
           ORDER BY c.id + 0 DESC
          OFFSET keep - 1
        )) RETURNING NULL::bigint, NULL::text, coredumps.filename, NULL::interval;
    END IF;
  END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean)
  TO coredepot_writer;

COMMIT;
