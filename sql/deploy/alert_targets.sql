-- Deploy coredepot:alert_targets to pg
-- requires: issue_views

BEGIN;

CREATE DOMAIN alert_event AS text
  CHECK (VALUE IN ('issue.created', 'issue.regressed', 'issue.unmuted', 'issue.spike', 'digest', 'test', 'batch'));

-- The targets of alerts, and the state of delivery to each: messages are sent in order, one after the other.
CREATE TABLE alert_targets (
  id                bigint        PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  name              text          NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  kind              text          NOT NULL CHECK (kind IN ('webhook', 'slack', 'mail')),
  address           text          NOT NULL CHECK (length(address) BETWEEN 1 AND 4000),
  shown_address     text          NOT NULL,
  secret            text,
  old_secret        text,
  old_secret_until  timestamptz,
  events            alert_event[] NOT NULL,
  models            text[],
  min_devices       bigint        NOT NULL DEFAULT 0 CHECK (min_devices >= 0),
  enabled           boolean       NOT NULL DEFAULT true,
  switched_off      boolean       NOT NULL DEFAULT false,

  lease             uuid,
  leased_until      timestamptz,
  quiet_until       timestamptz   NOT NULL DEFAULT '-infinity',
  failing_since     timestamptz,
  last_error        text,
  last_delivered_at timestamptz,
  digested_on       date          NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,

  created_at        timestamptz   NOT NULL DEFAULT now(),
  updated_at        timestamptz   NOT NULL DEFAULT now(),
  CHECK ((kind = 'webhook') = (secret IS NOT NULL)),
  CHECK (secret IS NOT NULL OR old_secret IS NULL),
  CHECK (NOT (enabled AND switched_off))
) WITH (fillfactor = 70);
COMMENT ON COLUMN alert_targets.address       IS 'a URL, which may be a secret itself; or receivers of mail, by commas';
COMMENT ON COLUMN alert_targets.shown_address IS 'as much of it as everybody may see';
COMMENT ON COLUMN alert_targets.old_secret    IS 'the one before, with which messages are signed too, for a day';
COMMENT ON COLUMN alert_targets.models        IS 'codes; null: all models';
COMMENT ON COLUMN alert_targets.min_devices   IS 'an issue is not told of before so many devices had it';
COMMENT ON COLUMN alert_targets.switched_off  IS 'by us: it answered that it is gone (410)';
COMMENT ON COLUMN alert_targets.quiet_until   IS 'no new message before';
COMMENT ON COLUMN alert_targets.failing_since IS 'the first attempt that failed since the last one that did not';
COMMENT ON COLUMN alert_targets.digested_on   IS 'the day (UTC) of the last digest';
-- Also for plans without sequential scans, which the functions that count have.
CREATE INDEX alert_targets_enabled ON alert_targets (id) WHERE enabled;

-- The outbox: a row for each target that will be told of an event, written in the transaction of the event.
CREATE TABLE alert_events (
  id        bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  target_id bigint      NOT NULL REFERENCES alert_targets ON DELETE CASCADE,
  issue_id  bigint      REFERENCES issues ON DELETE CASCADE,
  event     alert_event NOT NULL,
  cause     json        NOT NULL DEFAULT '{}',
  at        timestamptz NOT NULL DEFAULT now(),
  held_for  bigint,
  due_at    timestamptz NOT NULL DEFAULT now() + interval '30 seconds'
);
COMMENT ON COLUMN alert_events.issue_id IS 'null: it is about none';
COMMENT ON COLUMN alert_events.held_for IS 'waits until the issue has so many devices';
COMMENT ON COLUMN alert_events.due_at   IS 'what comes until then goes into the same message';
CREATE INDEX alert_events_due   ON alert_events (target_id, due_at) WHERE held_for IS NULL;
CREATE INDEX alert_events_of_target ON alert_events (target_id, id);
CREATE INDEX alert_events_held  ON alert_events (issue_id) WHERE held_for IS NOT NULL;
CREATE INDEX alert_events_of_issue ON alert_events (issue_id);

-- A message is made of events and never changes again: a repeat has the same ID and the same text.
CREATE TABLE alert_messages (
  id              bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  uid             text        NOT NULL UNIQUE DEFAULT 'msg_' || replace(gen_random_uuid()::text, '-', ''),
  target_id       bigint      NOT NULL REFERENCES alert_targets ON DELETE CASCADE,
  event           alert_event NOT NULL,
  issues          text[]      NOT NULL DEFAULT '{}',
  body            text        NOT NULL,
  packed_at       timestamptz NOT NULL DEFAULT now(),
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  done_at         timestamptz
) WITH (fillfactor = 70);
COMMENT ON COLUMN alert_messages.issues  IS 'the names of those that it is about';
COMMENT ON COLUMN alert_messages.body    IS 'JSON, as webhooks get it';
COMMENT ON COLUMN alert_messages.done_at IS 'delivered, or given up';
CREATE INDEX alert_messages_under_way ON alert_messages (target_id, id) WHERE done_at IS NULL;
CREATE INDEX alert_messages_packed    ON alert_messages (target_id, packed_at);
CREATE INDEX alert_messages_done      ON alert_messages (done_at) WHERE done_at IS NOT NULL;

-- The result of each attempt, kept for 60 days.
CREATE TABLE alert_deliveries (
  id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  target_id  bigint      NOT NULL REFERENCES alert_targets ON DELETE CASCADE,
  message_id bigint      NOT NULL REFERENCES alert_messages ON DELETE CASCADE,
  at         timestamptz NOT NULL DEFAULT now(),
  attempt    integer     NOT NULL,
  outcome    text        NOT NULL CHECK (outcome IN ('delivered', 'retry', 'given_up', 'switched_off')),
  status     integer,
  ms         bigint      NOT NULL,
  error      text,
  answer     text
);
COMMENT ON COLUMN alert_deliveries.status IS 'of HTTP or SMTP; null: there was no answer';
COMMENT ON COLUMN alert_deliveries.answer IS 'its first 2 KiB';
CREATE INDEX alert_deliveries_newest_first ON alert_deliveries (target_id, id DESC);
CREATE INDEX alert_deliveries_of_message   ON alert_deliveries (message_id);
CREATE INDEX alert_deliveries_oldest_first ON alert_deliveries (at);

-- Writes an event for each target that wants to know. Without targets, that is one look into an empty index.
CREATE FUNCTION note_alert(of_issue bigint, of_model bigint, seen_on bigint, what text, why json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alert_events (target_id, issue_id, event, cause, held_for)
  SELECT t.id, of_issue, what, why, CASE WHEN seen_on < t.min_devices THEN t.min_devices END
    FROM alert_targets t
   WHERE t.enabled AND what = ANY (t.events)
     AND (t.models IS NULL OR (SELECT m.code FROM device_models m WHERE m.id = of_model) = ANY (t.models));
END
$$;

-- Tells of a new issue once all of it is known. Issues of core dumps from before counting are no news.
CREATE FUNCTION tell_of_new_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  i record;
BEGIN
  PERFORM FROM alert_targets t WHERE t.enabled LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM FROM uncounted_coredumps u WHERE u.one_row AND NEW.coredump_id <= u.last;
  IF NOT FOUND THEN
    SELECT x.device_model_id, x.devices INTO i FROM issues x WHERE x.id = NEW.issue_id;
    PERFORM note_alert(NEW.issue_id, i.device_model_id, i.devices, 'issue.created',
                       json_build_object('version', NEW.version));
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER new_issue_is_told AFTER INSERT ON issue_history
  FOR EACH ROW WHEN (NEW.event = 'created') EXECUTE FUNCTION tell_of_new_issue();

-- A trigger, because only here both the old and the new row are at hand. Counting does not set `state`.
CREATE FUNCTION tell_of_open_issue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM alert_targets t WHERE t.enabled LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM note_alert(NEW.id, NEW.device_model_id, NEW.devices, 'issue.' || NEW.reason,
    CASE NEW.reason WHEN 'unmuted' THEN json_build_object('muted_until', OLD.mute)
    ELSE json_build_object(
      'version', (SELECT v.version FROM model_versions v WHERE v.id = NEW.regressed_version_id),
      'fixed_in', (SELECT coalesce(json_agg(v.version ORDER BY v.epoch, v.sort_key, v.id), '[]')
                     FROM issue_fixes f JOIN model_versions v ON v.id = f.version_id WHERE f.issue_id = NEW.id)) END);
  RETURN NULL;
END
$$;
CREATE TRIGGER open_issue_is_told AFTER UPDATE OF state ON issues
  FOR EACH ROW WHEN (NEW.state = 'open' AND OLD.state <> 'open' AND NEW.reason IN ('regressed', 'unmuted'))
  EXECUTE FUNCTION tell_of_open_issue();

-- How many events and messages wait, and since when. Events that are held do not count.
CREATE VIEW alert_backlog AS
  SELECT count(*) AS waiting, min(w.at) AS oldest
    FROM (SELECT e.at FROM alert_events e JOIN alert_targets t ON t.id = e.target_id AND t.enabled
           WHERE e.held_for IS NULL
          UNION ALL
          SELECT m.packed_at FROM alert_messages m JOIN alert_targets t ON t.id = m.target_id AND t.enabled
           WHERE m.done_at IS NULL) AS w;

-- The parts that anybody may see. There are few targets, and an index counts what waits for each.
CREATE VIEW alert_target_summaries AS
  SELECT t.id, t.name, t.kind, t.shown_address, t.events, t.models, t.min_devices, t.enabled, t.switched_off,
         coalesce(t.old_secret_until > now(), false) AS is_rotating,
         (SELECT count(*) FROM alert_events e WHERE e.target_id = t.id AND e.held_for IS NULL)
           + (SELECT count(*) FROM alert_messages m WHERE m.target_id = t.id AND m.done_at IS NULL) AS waiting,
         t.failing_since, t.last_error, t.last_delivered_at, t.created_at
    FROM alert_targets t;

-- Readers see no secret.
GRANT SELECT (id, name, kind, shown_address, old_secret_until, events, models, min_devices, enabled, switched_off,
              quiet_until, failing_since, last_error, last_delivered_at, created_at, updated_at)
  ON alert_targets TO coredepot_reader;
GRANT SELECT ON alert_targets TO coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON alert_targets TO coredepot_writer;
GRANT SELECT ON alert_events, alert_messages, alert_deliveries, alert_backlog, alert_target_summaries
  TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON alert_events, alert_messages, alert_deliveries TO coredepot_writer;

COMMIT;
