-- Deploy coredepot:alert_upkeep to pg
-- requires: alert_delivery

BEGIN;

-- Periodic work of the alert runner. Each function may be skipped, repeated, or run by several at once. They
-- use indexes, and no JIT, which the planner's price for scanning the few targets would otherwise trigger.

-- Releases issues that now have enough devices. Issues that were resolved, muted or merged in the meantime
-- are not told any more, nor those that have waited for a month.
CREATE FUNCTION release_held_alerts() RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
  DELETE FROM alert_events e USING issues i
   WHERE e.held_for IS NOT NULL AND i.id = e.issue_id
     AND (i.state <> 'open' OR e.at < now() - interval '30 days');
  UPDATE alert_events e SET held_for = NULL, due_at = now() + interval '30 seconds'
    FROM issues i
   WHERE e.held_for IS NOT NULL AND i.id = e.issue_id AND i.devices >= e.held_for;
END
$$;

-- When a spike of an issue was last told.
CREATE TABLE alert_spikes (
  issue_id bigint      PRIMARY KEY REFERENCES issues ON DELETE CASCADE,
  told_at  timestamptz NOT NULL DEFAULT now()
);

-- Open issues that have this many core dumps or devices within the current hour (of the clock) or the
-- previous one, and five times as many core dumps as their mean hour since they were first seen, at most 14
-- days. Each is told once a day. The series has no devices, so they are counted if there are enough core
-- dumps.
CREATE FUNCTION find_spikes(least_occurrences bigint, least_devices bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', now(), 'UTC');
  busy      record;
  i         record;
  before    numeric;
  hours     numeric;
  on_many   bigint;
BEGIN
  PERFORM FROM alert_targets t WHERE t.enabled AND 'issue.spike' = ANY (t.events) LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  FOR busy IN
    SELECT s.issue_id, h.hour, sum(h.occurrences) AS many
      FROM signature_hours h JOIN signatures s ON s.id = h.signature_id
     WHERE h.hour >= this_hour - interval '1 hour'
     GROUP BY s.issue_id, h.hour
    HAVING sum(h.occurrences) >= least(least_occurrences, least_devices)
  LOOP
    SELECT x.device_model_id, x.devices, x.first_seen INTO i FROM issues x
     WHERE x.id = busy.issue_id AND x.state = 'open'
       AND NOT EXISTS (SELECT FROM alert_spikes p
                        WHERE p.issue_id = x.id AND p.told_at > now() - interval '24 hours');
    CONTINUE WHEN NOT FOUND;
    SELECT coalesce(sum(h.occurrences), 0) INTO before
      FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
     WHERE s.issue_id = busy.issue_id AND h.hour >= busy.hour - interval '14 days' AND h.hour < busy.hour;
    hours := greatest(1, least(14 * 24, floor(extract(epoch FROM busy.hour - i.first_seen) / 3600) + 1));
    CONTINUE WHEN busy.many < 5 * before / hours;
    SELECT count(DISTINCT o.device_id) INTO on_many
      FROM signatures s JOIN occurrences o ON o.signature_id = s.id
     WHERE s.issue_id = busy.issue_id AND o.at >= busy.hour AND o.at < busy.hour + interval '1 hour';
    CONTINUE WHEN busy.many < least_occurrences AND on_many < least_devices;
    INSERT INTO alert_spikes AS p (issue_id) VALUES (busy.issue_id)
        ON CONFLICT (issue_id) DO UPDATE SET told_at = now() WHERE p.told_at <= now() - interval '24 hours';
    CONTINUE WHEN NOT FOUND;
    PERFORM note_alert(busy.issue_id, i.device_model_id, i.devices, 'issue.spike',
      json_build_object('hour', iso_time(busy.hour), 'occurrences', busy.many, 'devices', on_many,
                        'mean', round(before / hours, 1)));
  END LOOP;
END
$$;

-- The day's digests, from that hour (UTC) on.
CREATE FUNCTION write_digests(from_hour integer) RETURNS void LANGUAGE sql AS $$
  WITH due AS (
    UPDATE alert_targets t SET digested_on = (now() AT TIME ZONE 'UTC')::date
     WHERE t.enabled AND 'digest' = ANY (t.events) AND t.digested_on < (now() AT TIME ZONE 'UTC')::date
       AND extract(hour FROM now() AT TIME ZONE 'UTC') >= from_hour
    RETURNING t.id
  )
  INSERT INTO alert_events (target_id, event, due_at) SELECT id, 'digest', now() FROM due
$$;

-- Removes up to a thousand deliveries and messages that are too old, and what has waited a week for a target
-- that is switched off. True when there may be more.
CREATE FUNCTION trim_alerts() RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
  old_deliveries integer;
  old_messages   integer;
BEGIN
  DELETE FROM alert_deliveries WHERE id = ANY (ARRAY (
    SELECT d.id FROM alert_deliveries d WHERE d.at < now() - interval '60 days'
     ORDER BY d.at LIMIT 1000 FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS old_deliveries = ROW_COUNT;
  DELETE FROM alert_messages WHERE id = ANY (ARRAY (
    SELECT m.id FROM alert_messages m WHERE m.done_at < now() - interval '60 days'
     ORDER BY m.done_at LIMIT 1000 FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS old_messages = ROW_COUNT;
  DELETE FROM alert_events e USING alert_targets t
   WHERE t.id = e.target_id AND NOT t.enabled AND e.due_at < now() - interval '7 days';
  RETURN old_deliveries + old_messages > 0;
END
$$;

GRANT SELECT ON alert_spikes TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON alert_spikes TO coredepot_writer;

COMMIT;
