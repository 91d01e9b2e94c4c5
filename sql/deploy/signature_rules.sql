-- Deploy coredepot:signature_rules to pg
-- requires: parse_queue

BEGIN;

CREATE TABLE signature_rules (
  device_model_id bigint PRIMARY KEY REFERENCES device_models ON DELETE CASCADE,
  rules           jsonb  NOT NULL CHECK (jsonb_typeof(rules -> 'skip') = 'array'
                                         AND jsonb_typeof(rules -> 'prefixes') = 'array'),
  revision        bigint NOT NULL DEFAULT 1,
  requeued_to     bigint,
  updated_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  signature_rules       IS
  'What a team adds, for a model, to the rules that a crash gets its signature by; no row: nothing';
COMMENT ON COLUMN signature_rules.rules IS
  '{"skip": [functions to pass over], "prefixes": [how such functions begin]}';
COMMENT ON COLUMN signature_rules.revision IS
  'How often they were changed. A result that was found by others than these is not recorded.';
COMMENT ON COLUMN signature_rules.requeued_to IS
  'They were changed: core dumps of the model''s devices up to this id are back in the queue, the others are '
  'not yet; null: all are';
CREATE INDEX signature_rules_changed ON signature_rules (device_model_id) WHERE requeued_to IS NOT NULL;

GRANT SELECT ON signature_rules TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE ON signature_rules TO coredepot_writer;

-- Replaces a model's rules. Replacing them by the same rules changes nothing. False: there is no such model.
CREATE FUNCTION replace_signature_rules(of_model bigint, new_rules jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  -- The model's row, so that it does not go meanwhile.
  PERFORM FROM device_models WHERE id = of_model FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO signature_rules AS r (device_model_id, rules, requeued_to) VALUES (of_model, new_rules, 0)
      ON CONFLICT (device_model_id) DO UPDATE
     SET rules = new_rules, revision = r.revision + 1, requeued_to = 0, updated_at = now()
   WHERE r.rules <> new_rules;
  RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION replace_signature_rules(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replace_signature_rules(bigint, jsonb) TO coredepot_writer;

-- Puts core dumps back into the queue if their signature was found by the model's earlier rules. Takes those
-- of the model's next few devices, because a million at once would hold up what devices upload meanwhile.
-- Need not look for core dumps that are being parsed, because their results are refused. False: there is
-- nothing left to do, or somebody else is doing it.
CREATE FUNCTION requeue_for_changed_rules() RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  of_model bigint;
  done_to  bigint;
  last     bigint;
BEGIN
  SELECT device_model_id, requeued_to INTO of_model, done_to FROM signature_rules
   WHERE requeued_to IS NOT NULL
   ORDER BY device_model_id
   LIMIT 1
     FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  SELECT max(id) INTO last FROM (
    SELECT id FROM devices WHERE device_model_id = of_model AND id > done_to ORDER BY id LIMIT 20) AS next;
  -- A row that another transaction holds is being deleted, or goes back into the queue as well.
  PERFORM requeue_coredumps(ARRAY (
    SELECT c.id FROM coredumps c
     WHERE c.device_id IN (SELECT id FROM devices
                            WHERE device_model_id = of_model AND id > done_to AND id <= last)
       AND c.parse_status = 'PARSED'
       FOR UPDATE OF c SKIP LOCKED));
  UPDATE signature_rules SET requeued_to = last WHERE device_model_id = of_model;
  RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION requeue_for_changed_rules() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requeue_for_changed_rules() TO coredepot_writer;

COMMIT;
