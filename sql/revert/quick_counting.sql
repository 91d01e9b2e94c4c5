-- Revert coredepot:quick_counting from pg

BEGIN;

-- As count_occurrence and record_parse have them.

DROP FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint);
DROP FUNCTION count_parsed(bigint, bigint, timestamptz, bigint, text, text, json, text, boolean);
DROP FUNCTION add_occurrence(bigint, bigint, bigint, bigint, bigint, timestamptz, boolean, boolean);
DROP FUNCTION decoding_version(bigint, text);

CREATE OR REPLACE FUNCTION note_issue(
  of_issue bigint, what text, of_version text DEFAULT NULL, of_coredump bigint DEFAULT NULL,
  sub text DEFAULT NULL, called text DEFAULT NULL, said text DEFAULT NULL
) RETURNS void LANGUAGE sql AS $$
  INSERT INTO issue_history (issue_id, event, version, coredump_id, by_sub, by_name, comment)
  VALUES (of_issue, what, of_version, of_coredump, sub, called, said)
$$;

CREATE OR REPLACE FUNCTION add_occurrence(o occurrences) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_issue bigint;
  counted  record;
BEGIN
  SELECT s.issue_id INTO of_issue FROM signatures s WHERE s.id = o.signature_id;
  counted := counted_devices(of_issue, o.signature_id, o.device_id, o.version_id);
  INSERT INTO occurrences VALUES (o.*);
  INSERT INTO signature_devices AS d (signature_id, device_id, version_id, occurrences, verified, last_seen)
  VALUES (o.signature_id, o.device_id, o.version_id, 1, o.verified::int, o.at)
      ON CONFLICT (signature_id, device_id, version_id) DO UPDATE
     SET occurrences = d.occurrences + 1, verified = d.verified + o.verified::int,
         last_seen = greatest(d.last_seen, o.at);
  UPDATE signatures s
     SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT o.verified)::int,
         devices = devices + (NOT counted.in_signature)::int,
         first_coredump_id = CASE WHEN first_seen <= o.at THEN first_coredump_id ELSE o.coredump_id END,
         first_seen = least(first_seen, o.at), last_seen = greatest(last_seen, o.at)
   WHERE s.id = o.signature_id;
  UPDATE issues i
     SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT o.verified)::int,
         devices = devices + (NOT counted.in_issue)::int,
         first_seen = least(first_seen, o.at), last_seen = greatest(last_seen, o.at)
   WHERE i.id = of_issue;
  INSERT INTO signature_hours AS h (signature_id, hour, occurrences)
  SELECT o.signature_id, date_trunc('hour', o.at, 'UTC'), 1 WHERE o.at > now() - interval '14 days'
      ON CONFLICT (signature_id, hour) DO UPDATE SET occurrences = h.occurrences + 1;
  INSERT INTO signature_days AS h (signature_id, day, occurrences)
  SELECT o.signature_id, (o.at AT TIME ZONE 'UTC')::date, 1 WHERE o.at > now() - interval '400 days'
      ON CONFLICT (signature_id, day) DO UPDATE SET occurrences = h.occurrences + 1;
  IF o.version_id = 0 THEN
    RETURN;
  END IF;
  INSERT INTO issue_versions AS v (issue_id, version_id, occurrences, verified, devices)
  VALUES (of_issue, o.version_id, 1, o.verified::int, 1)
      ON CONFLICT (issue_id, version_id) DO UPDATE
     SET occurrences = v.occurrences + 1, verified = v.verified + o.verified::int,
         devices = v.devices + (NOT counted.in_version)::int;
END
$$;

CREATE OR REPLACE FUNCTION count_occurrence(
  dump bigint, device bigint, uploaded timestamptz, hash text, new_title text, report json, decoded_version text,
  is_news boolean
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_model bigint := (SELECT d.device_model_id FROM devices d WHERE d.id = device);
  before   occurrences;
  o        occurrences;
  made     record;
BEGIN
  SELECT * INTO before FROM occurrences WHERE coredump_id = dump;
  o := ROW (dump, 0, device,
            CASE WHEN decoded_version IS NULL THEN 0 ELSE ensure_version(of_model, decoded_version, NULL) END,
            uploaded, coalesce(report ->> 'elf_verified' = 'true', false), false);
  PERFORM lock_mapping(of_model, false);
  made := ensure_signature(of_model, hash, new_title, report);
  o.signature_id := made.id;
  IF (before.signature_id, before.version_id, before.verified) = (o.signature_id, o.version_id, o.verified) THEN
    RETURN;
  END IF;

  PERFORM FROM issues i
    WHERE i.id = ANY (ARRAY (SELECT s.issue_id FROM signatures s WHERE s.id IN (before.signature_id, made.id)))
    ORDER BY i.id FOR NO KEY UPDATE;
  IF before.coredump_id IS NOT NULL THEN
    PERFORM take_occurrence(before);
  END IF;
  PERFORM add_occurrence(o);
  IF made.opened IS NOT NULL OR (is_news AND before.coredump_id IS NULL) THEN
    PERFORM judge_occurrence(o, made.opened);
  END IF;

  IF before.version_id IS DISTINCT FROM o.version_id THEN
    PERFORM count_in_version(c.version, device, c.change)
       FROM (VALUES (before.version_id, -1), (o.version_id, 1)) AS c (version, change)
      WHERE c.version > 0 ORDER BY c.version;
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION record_parse(
  dump bigint, of_lease uuid, new_output text, new_signature text, new_title text, new_report json,
  decoded_version text, of_model bigint, rules_revision bigint
) RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  revision_now bigint;
  c            record;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  -- Whoever changes the rules waits for this, and then has the core dump parsed again; or this waits, and sees that
  -- they have changed.
  SELECT r.revision INTO revision_now FROM signature_rules r WHERE r.device_model_id = of_model FOR SHARE;
  IF coalesce(revision_now, 0) <> rules_revision THEN
    RETURN false;
  END IF;
  UPDATE coredumps
     SET parse_status = 'PARSED', parsed_output = new_output, signature = new_signature, title = new_title,
         report = new_report, parsed_at = now(), updated_at = now(), lease = NULL, last_error = NULL
   WHERE id = dump AND lease = of_lease
  RETURNING device_id, uploaded_at INTO c;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF new_signature IS NOT NULL THEN
    PERFORM count_occurrence(dump, c.device_id, c.uploaded_at, new_signature, new_title, new_report,
                             decoded_version, true);
  END IF;
  RETURN true;
END
$$;

COMMIT;
