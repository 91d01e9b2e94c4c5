-- Deploy coredepot:alert_delivery to pg
-- requires: alert_targets

BEGIN;

-- How a runner sends messages. It claims a target's next message with a lease, sends it, and records the
-- result. A runner that is killed leaves a lease that ends; then the message is sent again. A target has one
-- message under way at a time, and the next one is made after that, so messages stay in order.

CREATE FUNCTION iso_time(t timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The page of an issue; null when its address is unknown (BASEURL).
CREATE FUNCTION issue_url(base_url text, issue_named text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT base_url || '/issues/' || issue_named
$$;

-- What a message says about an issue, in its current state.
CREATE FUNCTION issue_facts(of_issue bigint, base_url text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'id', i.id, 'name', i.name, 'url', issue_url(base_url, i.name), 'model', i.model, 'title', i.title,
    'kind', i.kind, 'quality', i.quality, 'state', i.state, 'devices', i.devices, 'occurrences', i.occurrences,
    'occurrences_last_hour', (SELECT count(*) FROM signatures s JOIN occurrences o ON o.signature_id = s.id
                               WHERE s.issue_id = i.id AND o.at > now() - interval '1 hour'),
    'first_seen', iso_time(i.first_seen), 'last_seen', iso_time(i.last_seen),
    'first_version', i.first_version, 'last_version', i.last_version)
    FROM issue_summaries i WHERE i.id = of_issue
$$;

CREATE FUNCTION event_facts(e alert_events, base_url text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object('id', 'evt_' || e.id, 'type', e.event, 'at', iso_time(e.at), 'cause', e.cause,
                           'issue', issue_facts(e.issue_id, base_url))
$$;

-- The last 24 hours of a target's models: how much happened, and the most frequent issues.
CREATE FUNCTION digest_facts(of_models text[], base_url text) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE
  since     timestamptz := now() - interval '24 hours';
  model_ids bigint[] := ARRAY (SELECT m.id FROM device_models m WHERE of_models IS NULL OR m.code = ANY (of_models));
  fresh     bigint;
  regressed bigint;
  unmuted   bigint;
  happened  bigint;
  most      json;
BEGIN
  SELECT count(*) INTO fresh FROM issues i
   WHERE coalesce(i.first_seen, i.created_at) > since AND i.state <> 'merged' AND i.device_model_id = ANY (model_ids);
  SELECT count(*) FILTER (WHERE h.event = 'regressed'), count(*) FILTER (WHERE h.event = 'unmuted')
    INTO regressed, unmuted
    FROM issue_history h JOIN issues i ON i.id = h.issue_id
   WHERE h.event IN ('regressed', 'unmuted') AND h.at > since AND i.device_model_id = ANY (model_ids);
  WITH hourly AS MATERIALIZED (
    SELECT s.issue_id, sum(h.occurrences) AS many FROM signature_hours h JOIN signatures s ON s.id = h.signature_id
     WHERE h.hour > since AND s.device_model_id = ANY (model_ids) GROUP BY s.issue_id
  )
  SELECT (SELECT sum(many) FROM hourly),
         (SELECT json_agg(json_build_object('occurrences_last_day', top.many,
                                            'issue', issue_facts(top.issue_id, base_url)) ORDER BY top.many DESC)
            FROM (SELECT many, issue_id FROM hourly WHERE many > 0 ORDER BY many DESC, issue_id LIMIT 10) AS top)
    INTO happened, most;
  RETURN json_build_object('since', iso_time(since), 'new', fresh, 'regressed', regressed, 'unmuted', unmuted,
                           'occurrences', coalesce(happened, 0), 'issues', coalesce(most, '[]'));
END
$$;
CREATE INDEX issue_history_of_openings ON issue_history (at) WHERE event IN ('regressed', 'unmuted');

CREATE FUNCTION make_message(of_target bigint, what text, named text[], facts json) RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO alert_messages (target_id, event, issues, body)
  VALUES (of_target, what, named,
          json_build_object('type', what, 'timestamp', iso_time(now()), 'data', facts)::text)
  RETURNING id
$$;

-- Makes a message of what waits for a target, which must be locked: of a digest, or of up to fifty events.
CREATE FUNCTION pack_alerts(t alert_targets, base_url text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  most_events CONSTANT integer := 50;
  most_hourly CONSTANT integer := 20;
  first alert_events;
  ids   bigint[];
  facts json;
  named text[];
  made  bigint;
BEGIN
  SELECT * INTO first FROM alert_events e WHERE e.target_id = t.id AND e.held_for IS NULL ORDER BY e.id LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF first.event = 'digest' THEN
    ids := ARRAY[first.id];
    made := make_message(t.id, 'digest', '{}', digest_facts(t.models, base_url));
  ELSE
    -- Rows that are there, and stay: whoever deletes an issue waits until this is done, or this until that is.
    ids := ARRAY (SELECT e.id FROM alert_events e
                   WHERE e.target_id = t.id AND e.held_for IS NULL AND e.event <> 'digest'
                   ORDER BY e.id LIMIT most_events FOR UPDATE);
    IF cardinality(ids) = 0 THEN
      RETURN NULL;
    ELSIF cardinality(ids) = 1 THEN
      SELECT event_facts(e, base_url), ARRAY[i.name], e.event INTO facts, named, first.event
        FROM alert_events e JOIN issue_summaries i ON i.id = e.issue_id WHERE e.id = ids[1];
      made := make_message(t.id, first.event, named, facts);
    ELSE
      SELECT json_build_object('events', json_agg(event_facts(e, base_url) ORDER BY e.id)),
             array_agg(DISTINCT i.name)
        INTO facts, named
        FROM alert_events e JOIN issue_summaries i ON i.id = e.issue_id WHERE e.id = ANY (ids);
      made := make_message(t.id, 'batch', named, facts);
    END IF;
  END IF;
  DELETE FROM alert_events e WHERE e.id = ANY (ids);
  -- Not more than one a minute and twenty an hour.
  UPDATE alert_targets x
     SET quiet_until = greatest(now() + interval '1 minute',
           (SELECT m.packed_at FROM alert_messages m
             WHERE m.target_id = t.id AND m.packed_at > now() - interval '1 hour' AND m.event <> 'test'
             ORDER BY m.packed_at DESC OFFSET most_hourly - 1 LIMIT 1) + interval '1 hour')
   WHERE x.id = t.id;
  RETURN made;
END
$$;

-- When a target has something to do; null: nothing. Tests do not wait for anything else.
CREATE FUNCTION alert_due_at(t alert_targets) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT least(
    (SELECT min(m.next_attempt_at) FROM alert_messages m
      WHERE m.target_id = t.id AND m.done_at IS NULL AND m.event = 'test'),
    CASE WHEN t.enabled THEN coalesce(
      (SELECT m.next_attempt_at FROM alert_messages m
        WHERE m.target_id = t.id AND m.done_at IS NULL AND m.event <> 'test' ORDER BY m.id LIMIT 1),
      (SELECT greatest(e.due_at, t.quiet_until) FROM alert_events e
        WHERE e.target_id = t.id AND e.held_for IS NULL ORDER BY e.due_at LIMIT 1)) END)
$$;

-- Milliseconds until there is something to do; null: nothing waits.
CREATE FUNCTION next_alert_in() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT greatest(0, ceil(extract(epoch FROM due.at - now()) * 1000))::bigint
    FROM (SELECT min(greatest(alert_due_at(t), t.leased_until)) AS at
            FROM alert_targets t WHERE alert_due_at(t) IS NOT NULL) AS due
   WHERE due.at IS NOT NULL
$$;

-- The next message to send, from the target that has waited longest; leases that target. No row: nothing is
-- due. `attempt` counts from 1.
CREATE FUNCTION claim_alert(lease_seconds bigint, base_url text) RETURNS TABLE (
  target_id bigint, message_id bigint, lease uuid, uid text, event text, body text, attempt integer, kind text,
  address text, secret text, old_secret text
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t      alert_targets;
  chosen bigint;
BEGIN
  SELECT x.* INTO t FROM alert_targets x
   WHERE coalesce(x.leased_until, '-infinity') <= now() AND alert_due_at(x) <= now()
   ORDER BY alert_due_at(x) LIMIT 1
     FOR NO KEY UPDATE SKIP LOCKED;
  -- Looked at again, now that nobody else has it.
  IF NOT FOUND OR coalesce(alert_due_at(t) > now(), true) THEN
    RETURN;
  END IF;
  SELECT m.id INTO chosen FROM alert_messages m
   WHERE m.target_id = t.id AND m.done_at IS NULL AND m.next_attempt_at <= now() AND (t.enabled OR m.event = 'test')
   ORDER BY m.event <> 'test', m.id LIMIT 1;
  IF NOT FOUND THEN
    chosen := pack_alerts(t, base_url);
  END IF;
  IF chosen IS NULL THEN
    RETURN;
  END IF;
  UPDATE alert_targets x
     SET lease = gen_random_uuid(), leased_until = now() + lease_seconds * interval '1 second'
   WHERE x.id = t.id
  RETURNING x.* INTO t;
  RETURN QUERY
    UPDATE alert_messages m SET attempts = attempts + 1 WHERE m.id = chosen
    RETURNING t.id, m.id, t.lease, m.uid, m.event::text, m.body, m.attempts, t.kind, t.address, t.secret,
              CASE WHEN t.old_secret_until > now() THEN t.old_secret END;
END
$$;

-- Records the result of an attempt; false: the lease is lost, and nothing is recorded. `outcome` as in
-- alert_deliveries; `pause`: seconds before a retry.
CREATE FUNCTION record_alert(
  of_target bigint, of_lease uuid, of_message bigint, what text, code integer, took_ms bigint, why text, said text,
  pause bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  m alert_messages;
BEGIN
  UPDATE alert_targets t SET lease = NULL, leased_until = NULL WHERE t.id = of_target AND t.lease = of_lease;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE alert_messages x
     SET done_at = CASE WHEN what = 'retry' THEN NULL ELSE now() END,
         next_attempt_at = now() + coalesce(pause, 0) * interval '1 second'
   WHERE x.id = of_message
  RETURNING * INTO m;
  INSERT INTO alert_deliveries (target_id, message_id, attempt, outcome, status, ms, error, answer)
  VALUES (of_target, of_message, m.attempts, what, code, took_ms, why, said);
  UPDATE alert_targets t
     SET last_delivered_at = CASE WHEN what = 'delivered' THEN now() ELSE t.last_delivered_at END,
         failing_since = CASE WHEN what <> 'delivered' THEN coalesce(t.failing_since, now()) END,
         last_error = CASE WHEN what <> 'delivered' THEN why END,
         switched_off = t.switched_off OR (t.enabled AND what = 'switched_off'),
         enabled = t.enabled AND what <> 'switched_off'
   WHERE t.id = of_target;
  -- It answers again.
  IF what = 'delivered' THEN
    UPDATE alert_messages x SET next_attempt_at = now()
     WHERE x.target_id = of_target AND x.done_at IS NULL AND x.next_attempt_at > now();
  END IF;
  RETURN true;
END
$$;

-- A test message, whatever the target filters, so that somebody sees whether it arrives. Null: there is no
-- such target.
CREATE FUNCTION test_alert(of_target bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  target_name text;
  made        bigint;
BEGIN
  SELECT t.name INTO target_name FROM alert_targets t WHERE t.id = of_target;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  made := make_message(of_target, 'test', '{}', json_build_object('target', target_name));
  RETURN (SELECT m.uid FROM alert_messages m WHERE m.id = made);
END
$$;

REVOKE EXECUTE ON FUNCTION pack_alerts(alert_targets, text), claim_alert(bigint, text), test_alert(bigint),
  make_message(bigint, text, text[], json),
  record_alert(bigint, uuid, bigint, text, integer, bigint, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pack_alerts(alert_targets, text), claim_alert(bigint, text), test_alert(bigint),
  make_message(bigint, text, text[], json),
  record_alert(bigint, uuid, bigint, text, integer, bigint, text, text, bigint) TO coredepot_writer;

COMMIT;
