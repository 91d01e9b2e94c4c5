-- Deploy coredepot:count_occurrence to pg
-- requires: issues

BEGIN;

-- Who locks what, in which order, so that there is no circle of waits:
--   1. the model's signature rules, shared; the core dump's row, if there is one
--   2. lock_versions() of the model, if a version may be new
--   3. lock_mapping() of the model: shared for counting, exclusive for merging and splitting
--   4. the model's row in issue_numbers, if an issue may be new
--   5. issues, in the order of their IDs
--   6. everything that belongs to a locked issue; last the rows of model_versions, in the order of their IDs
-- An upload of firmware holds the model's row in device_models before all of these; counting only shares that
-- row.

-- Which signature belongs to which issue: this does not change while somebody counts.
CREATE FUNCTION lock_mapping(of_model bigint, to_change boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  key bigint := hashtextextended('issues of a model', of_model);
BEGIN
  IF to_change THEN
    PERFORM pg_advisory_xact_lock(key);
  ELSE
    PERFORM pg_advisory_xact_lock_shared(key);
  END IF;
END
$$;

-- Replaced by quick_counting.sql.
CREATE FUNCTION note_issue(
  of_issue bigint, what text, of_version text DEFAULT NULL, of_coredump bigint DEFAULT NULL,
  sub text DEFAULT NULL, called text DEFAULT NULL, said text DEFAULT NULL
) RETURNS void LANGUAGE sql AS $$
  INSERT INTO issue_history (issue_id, event, version, coredump_id, by_sub, by_name, comment)
  VALUES (of_issue, what, of_version, of_coredump, sub, called, said)
$$;

-- An open issue without a signature.
CREATE FUNCTION make_issue(of_model bigint, why text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  next_number bigint;
  made        bigint;
BEGIN
  UPDATE issue_numbers n SET last_number = last_number + 1 WHERE n.device_model_id = of_model
  RETURNING last_number INTO next_number;
  INSERT INTO issues (device_model_id, number, reason) VALUES (of_model, next_number, why) RETURNING id INTO made;
  RETURN made;
END
$$;

CREATE FUNCTION lock_numbers(of_model bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_numbers (device_model_id) VALUES (of_model) ON CONFLICT DO NOTHING;
  PERFORM FROM issue_numbers n WHERE n.device_model_id = of_model FOR UPDATE;
END
$$;

-- The crash's kind, from its report. A sidecar that only knows a title gives that. What it says is checked
-- like everything from outside.
CREATE FUNCTION crash_kind(report json, title text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(coalesce(nullif(report #>> '{crash,kind}', ''),
                       split_part(split_part(title, ' in ', 1), ' at ', 1), ''), 200)
$$;
CREATE FUNCTION crash_functions(report json) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN json_typeof(report #> '{crash,functions}') = 'array' THEN
    ARRAY (SELECT left(f, 500) FROM json_array_elements_text(report #> '{crash,functions}') AS f LIMIT 8)
  ELSE '{}' END
$$;
CREATE FUNCTION crash_quality(report json) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN report #>> '{crash,quality}' IN ('short', 'guessed', 'unverified')
              THEN report #>> '{crash,quality}' ELSE 'full' END
$$;

-- The signature's ID. A new signature is made together with its issue. If an issue has the signature by the
-- previous rules, it adopts the new one. `opened`: the new issue; null: none.
CREATE FUNCTION ensure_signature(
  of_model bigint, hash text, new_title text, report json, OUT id bigint, OUT opened bigint
) LANGUAGE plpgsql AS $$
DECLARE
  of_issue  bigint;
  functions text[];
  previous  text := nullif(report #>> '{crash,previous_signature}', hash);
BEGIN
  SELECT s.id INTO id FROM signatures s WHERE s.device_model_id = of_model AND s.signature = hash;
  IF FOUND THEN
    RETURN;
  END IF;
  PERFORM lock_numbers(of_model);
  SELECT s.id INTO id FROM signatures s WHERE s.device_model_id = of_model AND s.signature = hash;
  IF FOUND THEN
    RETURN;
  END IF;

  SELECT s.issue_id INTO of_issue FROM signatures s
   WHERE s.device_model_id = of_model AND s.signature = previous;
  IF NOT FOUND THEN
    -- Or the other way round: core dumps of before are counted while new ones come in.
    SELECT s.issue_id INTO of_issue FROM signatures s
     WHERE s.device_model_id = of_model AND s.previous_signature = hash ORDER BY s.id LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    opened := make_issue(of_model, 'new');
    of_issue := opened;
  END IF;
  functions := crash_functions(report);
  INSERT INTO signatures (device_model_id, signature, previous_signature, issue_id, title, kind, functions, searched,
                          quality)
  VALUES (of_model, hash, left(previous, 64), of_issue, new_title, crash_kind(report, new_title), functions,
          concat_ws(' ', new_title, array_to_string(functions, ' ')), crash_quality(report))
  RETURNING signatures.id INTO id;
  IF opened IS NOT NULL THEN
    UPDATE issues i SET title = new_title, kind = crash_kind(report, new_title), quality = crash_quality(report)
     WHERE i.id = opened;
  ELSE
    PERFORM note_issue(of_issue, 'signature_adopted', said => hash);
  END IF;
END
$$;

-- Which counts include this device: whether it is among the devices of a signature, of its issue, and of each
-- of them with a version.
CREATE FUNCTION counted_devices(
  of_issue bigint, of_signature bigint, device bigint, version bigint,
  OUT in_signature boolean, OUT in_issue boolean, OUT in_version boolean
) LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT coalesce(bool_or(d.signature_id = of_signature), false), count(*) > 0,
         coalesce(bool_or(d.version_id = version), false)
    INTO in_signature, in_issue, in_version
    FROM signatures s
    JOIN signature_devices d ON d.signature_id = s.id AND d.device_id = device
   WHERE s.issue_id = of_issue;
END
$$;

-- Adds an occurrence to all counts. The issue must be locked.
-- Replaced by issues_in_one_row.sql.
CREATE FUNCTION add_occurrence(o occurrences) RETURNS void LANGUAGE plpgsql AS $$
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

-- Takes an occurrence out of all counts. The issue must be locked.
-- Replaced by issues_in_one_row.sql.
CREATE FUNCTION take_occurrence(o occurrences) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_issue bigint;
  counted  record;
BEGIN
  SELECT s.issue_id INTO of_issue FROM signatures s WHERE s.id = o.signature_id;
  DELETE FROM occurrences WHERE coredump_id = o.coredump_id;
  UPDATE signature_devices d SET occurrences = occurrences - 1, verified = verified - o.verified::int
   WHERE d.signature_id = o.signature_id AND d.device_id = o.device_id AND d.version_id = o.version_id;
  DELETE FROM signature_devices d
   WHERE d.signature_id = o.signature_id AND d.device_id = o.device_id AND d.version_id = o.version_id
     AND d.occurrences = 0;
  counted := counted_devices(of_issue, o.signature_id, o.device_id, o.version_id);
  UPDATE signatures s
     SET occurrences = occurrences - 1, kept = kept - 1, unverified = unverified - (NOT o.verified)::int,
         devices = devices - (NOT counted.in_signature)::int
   WHERE s.id = o.signature_id;
  -- What is left was seen first and last at other times, if this one was either.
  UPDATE signatures s
     SET first_seen = least(s.settled_first, left_over.first), last_seen = greatest(s.settled_last, left_over.last),
         first_coredump_id = CASE WHEN s.settled_first <= left_over.first THEN NULL ELSE left_over.id END
    FROM (SELECT min(x.at) AS first, max(x.at) AS last,
                 (SELECT f.coredump_id FROM occurrences f WHERE f.signature_id = o.signature_id AND NOT f.gone
                   ORDER BY f.at, f.coredump_id LIMIT 1) AS id
            FROM (SELECT at FROM (SELECT at FROM occurrences WHERE signature_id = o.signature_id AND NOT gone
                                   ORDER BY at LIMIT 1) AS a
                  UNION ALL
                  SELECT at FROM (SELECT at FROM occurrences WHERE signature_id = o.signature_id AND NOT gone
                                   ORDER BY at DESC LIMIT 1) AS b
                  UNION ALL
                  SELECT at FROM occurrences WHERE signature_id = o.signature_id AND gone) AS x) AS left_over
   WHERE s.id = o.signature_id AND o.at IN (s.first_seen, s.last_seen);
  UPDATE issues i
     SET occurrences = occurrences - 1, kept = kept - 1, unverified = unverified - (NOT o.verified)::int,
         devices = devices - (NOT counted.in_issue)::int,
         first_seen = (SELECT min(s.first_seen) FROM signatures s WHERE s.issue_id = of_issue),
         last_seen = (SELECT max(s.last_seen) FROM signatures s WHERE s.issue_id = of_issue)
   WHERE i.id = of_issue;
  UPDATE signature_hours h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.hour = date_trunc('hour', o.at, 'UTC');
  UPDATE signature_days h SET occurrences = occurrences - 1
   WHERE h.signature_id = o.signature_id AND h.day = (o.at AT TIME ZONE 'UTC')::date;
  UPDATE issue_versions v
     SET occurrences = occurrences - 1, verified = verified - o.verified::int,
         devices = devices - (NOT counted.in_version)::int
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id;
  DELETE FROM issue_versions v
   WHERE v.issue_id = of_issue AND v.version_id = o.version_id AND v.occurrences = 0;
END
$$;

-- Adds `change` to the counts of a version.
CREATE FUNCTION count_in_version(of_version bigint, device bigint, change integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  of_device bigint;
BEGIN
  -- The version's row last, as it is everybody's.
  INSERT INTO version_devices AS d (version_id, device_id, occurrences) VALUES (of_version, device, change)
      ON CONFLICT (version_id, device_id) DO UPDATE SET occurrences = d.occurrences + change
  RETURNING d.occurrences INTO of_device;
  IF of_device = 0 THEN
    DELETE FROM version_devices d WHERE d.version_id = of_version AND d.device_id = device;
  END IF;
  UPDATE model_versions v
     SET occurrences = occurrences + change,
         devices = devices + CASE WHEN of_device = 0 THEN -1 WHEN of_device = change THEN 1 ELSE 0 END
   WHERE v.id = of_version;
END
$$;

-- Whether an occurrence in that version shows that a fix did not work. Going down from it in the model's
-- order, a version in which the issue is fixed comes before any in which it had been seen when it was
-- resolved. A version that had been seen belongs to a branch without the fix.
CREATE FUNCTION is_regression(of_issue bigint, of_version bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT known.is_fix
      FROM (SELECT f.version_id, true AS is_fix FROM issue_fixes f WHERE f.issue_id = of_issue
            UNION ALL
            SELECT b.version_id, false FROM issue_seen_before b
             WHERE b.issue_id = of_issue
               AND NOT EXISTS (SELECT FROM issue_fixes f
                                WHERE f.issue_id = of_issue AND f.version_id = b.version_id)) AS known
      JOIN model_versions v ON v.id = known.version_id
      JOIN model_versions seen ON seen.id = of_version
     WHERE (v.epoch, v.sort_key, v.id) <= (seen.epoch, seen.sort_key, seen.id)
     ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC
     LIMIT 1), false)
$$;

CREATE FUNCTION is_above(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT (a.epoch, a.sort_key, a.id) > (b.epoch, b.sort_key, b.id)
                     FROM model_versions a, model_versions b WHERE a.id = one AND b.id = other), false)
$$;

-- Opens an issue again. The issue must be locked.
CREATE FUNCTION reopen_issue(of_issue bigint, why text, of_version bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issues i
     SET state = 'open', reason = why, revision = revision + 1, resolved_at = NULL, fixed_in_next = false,
         mute = NULL, unmute_at = NULL, unmute_occurrences = NULL, unmute_devices = NULL, unmute_after_id = NULL,
         regressed_version_id = CASE WHEN why = 'regressed' THEN of_version ELSE regressed_version_id END,
         updated_at = now()
   WHERE i.id = of_issue;
  DELETE FROM issue_fixes f WHERE f.issue_id = of_issue;
  DELETE FROM issue_seen_before b WHERE b.issue_id = of_issue;
END
$$;

-- How the first parse of a core dump changes its issue's state.
-- Replaced by late_branches.sql.
CREATE FUNCTION judge_occurrence(o occurrences, opened bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  i            issues;
  version_name text;
BEGIN
  SELECT * INTO i FROM issues WHERE id = (SELECT s.issue_id FROM signatures s WHERE s.id = o.signature_id);
  SELECT v.version INTO version_name FROM model_versions v WHERE v.id = o.version_id;
  IF opened IS NOT NULL THEN
    UPDATE issues SET new_version_id = nullif(o.version_id, 0) WHERE id = opened;
    PERFORM note_issue(opened, 'created', version_name, o.coredump_id);
  ELSIF i.state = 'resolved' THEN
    IF o.verified AND NOT i.fixed_in_next AND o.at > i.resolved_at AND is_regression(i.id, o.version_id) THEN
      PERFORM reopen_issue(i.id, 'regressed', o.version_id);
      PERFORM note_issue(i.id, 'regressed', version_name, o.coredump_id);
    END IF;
  ELSIF i.state = 'muted' THEN
    IF i.occurrences >= i.unmute_occurrences OR i.devices >= i.unmute_devices
       OR (o.verified AND is_above(o.version_id, i.unmute_after_id)) OR i.unmute_at <= now() THEN
      PERFORM reopen_issue(i.id, 'unmuted', o.version_id);
      PERFORM note_issue(i.id, 'unmuted', version_name, o.coredump_id);
    END IF;
  END IF;
END
$$;

-- Counts a parsed core dump, or moves it to what it turns out to be now. Doing it again changes nothing. The
-- core dump's row must be locked. `decoded_version`: the version of the bundle whose ELF decoded it; null:
-- unknown. `is_news`: whether it may change an issue's state if it is counted for the first time.
-- Replaced by quick_counting.sql.
CREATE FUNCTION count_occurrence(
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

COMMIT;
