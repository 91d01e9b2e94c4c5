-- Deploy coredepot:triage to pg
-- requires: count_occurrence

BEGIN;

-- What people do to issues. Each function locks as count_occurrence says, changes the issue, writes its
-- history and returns the outcome: `done`, or the reason why nothing was changed:
--   missing    there is no such issue
--   stale      its revision is no longer `seen` (null: any will do)
--   merged     it is part of another issue now
--   resolved   it is resolved, and so cannot be muted
--   version    one of the versions does not belong to the model
--   same, other_model, into_missing, into_merged, signature, only_signature   see below
--
-- Their plans use indexes, as those of record_coredump() do.

-- Null: the issue is locked and may be changed.
CREATE FUNCTION lock_issue(of_issue bigint, seen bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  i issues;
BEGIN
  SELECT * INTO i FROM issues WHERE id = of_issue FOR NO KEY UPDATE;
  RETURN CASE WHEN i.id IS NULL THEN 'missing'
              WHEN i.revision <> seen THEN 'stale'
              WHEN i.state = 'merged' THEN 'merged' END;
END
$$;

-- The version's ID. The version may still have to be uploaded, if its place is already known, that is, if the
-- model's versions can be read and so can this one. Null: its place is unknown.
CREATE FUNCTION version_to_come(of_model bigint, named text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  known    bigint;
  readable boolean;
BEGIN
  SELECT v.id INTO known FROM model_versions v WHERE v.device_model_id = of_model AND v.version = named;
  IF FOUND THEN
    RETURN known;
  END IF;
  SELECT v.sort_key <> '{}' INTO readable FROM model_versions v WHERE v.device_model_id = of_model
   ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC LIMIT 1;
  IF version_sort_key(named) IS NULL OR NOT coalesce(readable, true) THEN
    RETURN NULL;
  END IF;
  RETURN ensure_version(of_model, named, NULL);
END
$$;

-- `fixed_in` may be empty: the issue is not fixed in any version yet. `in_next`: it is fixed in the next
-- version that is uploaded.
CREATE FUNCTION resolve_issue(
  of_issue bigint, seen bigint, fixed_in text[], in_next boolean, sub text, called text
) RETURNS text LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  of_model bigint := (SELECT i.device_model_id FROM issues i WHERE i.id = of_issue);
  fixes    bigint[] := ARRAY (SELECT version_to_come(of_model, f) FROM unnest(fixed_in) AS f
                               WHERE of_model IS NOT NULL);
  outcome  text;
BEGIN
  outcome := lock_issue(of_issue, seen);
  IF outcome IS NOT NULL THEN
    RETURN outcome;
  END IF;
  IF array_position(fixes, NULL) IS NOT NULL THEN
    RETURN 'version';
  END IF;
  PERFORM reopen_issue(of_issue, NULL, NULL);
  UPDATE issues i SET state = 'resolved', resolved_at = clock_timestamp(), fixed_in_next = in_next
   WHERE i.id = of_issue;
  INSERT INTO issue_fixes (issue_id, version_id) SELECT DISTINCT of_issue, f FROM unnest(fixes) AS f;
  INSERT INTO issue_seen_before (issue_id, version_id)
  SELECT of_issue, v.version_id FROM issue_versions v WHERE v.issue_id = of_issue AND v.verified > 0;
  PERFORM note_issue(of_issue, CASE WHEN in_next THEN 'resolved_in_next' ELSE 'resolved' END,
                     nullif(array_to_string(fixed_in, ', '), ''), NULL, sub, called);
  RETURN 'done';
END
$$;

CREATE FUNCTION open_issue(of_issue bigint, seen bigint, sub text, called text) RETURNS text LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  outcome text := lock_issue(of_issue, seen);
BEGIN
  IF outcome IS NOT NULL THEN
    RETURN outcome;
  END IF;
  PERFORM FROM issues i WHERE i.id = of_issue AND i.state = 'open';
  IF NOT FOUND THEN
    PERFORM reopen_issue(of_issue, 'reopened', NULL);
    PERFORM note_issue(of_issue, 'reopened', sub => sub, called => called);
  END IF;
  RETURN 'done';
END
$$;

-- `until`: the condition as it was asked for; null: for ever. The parameters after it are the condition
-- itself: a time, a number of further core dumps or devices, or a version that a core dump's must be above.
CREATE FUNCTION mute_issue(
  of_issue bigint, seen bigint, until json, until_time timestamptz, more_occurrences bigint, more_devices bigint,
  after_version text, sub text, called text
) RETURNS text LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  after_id bigint;
  outcome  text;
BEGIN
  IF after_version IS NOT NULL THEN
    after_id := (SELECT version_to_come(i.device_model_id, after_version) FROM issues i WHERE i.id = of_issue);
  END IF;
  outcome := lock_issue(of_issue, seen);
  IF outcome IS NOT NULL THEN
    RETURN outcome;
  END IF;
  PERFORM FROM issues i WHERE i.id = of_issue AND i.state = 'resolved';
  IF FOUND THEN
    RETURN 'resolved';
  END IF;
  IF after_version IS NOT NULL AND after_id IS NULL THEN
    RETURN 'version';
  END IF;
  UPDATE issues i
     SET state = 'muted', reason = NULL, revision = revision + 1, mute = until, unmute_at = until_time,
         unmute_occurrences = occurrences + more_occurrences, unmute_devices = devices + more_devices,
         unmute_after_id = after_id, updated_at = now()
   WHERE i.id = of_issue;
  PERFORM note_issue(of_issue, 'muted', after_version, NULL, sub, called);
  RETURN 'done';
END
$$;

CREATE FUNCTION link_ticket(of_issue bigint, seen bigint, url text, sub text, called text) RETURNS text
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  outcome text := lock_issue(of_issue, seen);
BEGIN
  IF outcome IS NOT NULL THEN
    RETURN outcome;
  END IF;
  UPDATE issues i SET ticket_url = url, revision = revision + 1, updated_at = now() WHERE i.id = of_issue;
  PERFORM note_issue(of_issue, 'ticket_linked', NULL, NULL, sub, called, url);
  RETURN 'done';
END
$$;

-- A comment does not wait for anybody, and nobody waits for it.
CREATE FUNCTION comment_issue(of_issue bigint, said text, sub text, called text) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO issue_history (issue_id, event, by_sub, by_name, comment)
  SELECT i.id, 'commented', sub, called, said FROM issues i WHERE i.id = of_issue
  RETURNING id
$$;

-- Computes an issue's counts again from those of its signatures. The issue must be locked, and nobody counts
-- meanwhile. If it is muted for a number of further core dumps or devices, that number stays the same.
-- Replaced by issues_in_one_row.sql.
CREATE FUNCTION recount_issue(of_issue bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c           record;
  all_devices bigint;
BEGIN
  SELECT coalesce(sum(s.occurrences), 0) AS occurrences, coalesce(sum(s.kept), 0) AS kept,
         coalesce(sum(s.unverified), 0) AS unverified, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
         (array_agg(s.title ORDER BY s.id))[1] AS title, (array_agg(s.kind ORDER BY s.id))[1] AS kind,
         (array_agg(s.quality ORDER BY s.id))[1] AS quality
    INTO c FROM signatures s WHERE s.issue_id = of_issue;
  SELECT count(DISTINCT d.device_id) INTO all_devices
    FROM signatures s JOIN signature_devices d ON d.signature_id = s.id WHERE s.issue_id = of_issue;
  UPDATE issues i
     SET occurrences = c.occurrences, devices = all_devices, kept = c.kept, unverified = c.unverified,
         first_seen = c.first_seen, last_seen = c.last_seen, title = coalesce(c.title, i.title),
         kind = coalesce(c.kind, i.kind), quality = coalesce(c.quality, i.quality),
         unmute_occurrences = unmute_occurrences + c.occurrences - i.occurrences,
         unmute_devices = unmute_devices + all_devices - i.devices, updated_at = now()
   WHERE i.id = of_issue;
  DELETE FROM issue_versions v WHERE v.issue_id = of_issue;
  INSERT INTO issue_versions (issue_id, version_id, occurrences, verified, devices)
  SELECT of_issue, d.version_id, sum(d.occurrences), sum(d.verified), count(DISTINCT d.device_id)
    FROM signatures s JOIN signature_devices d ON d.signature_id = s.id
   WHERE s.issue_id = of_issue AND d.version_id > 0
   GROUP BY d.version_id;
END
$$;

-- Further outcomes: `same` when the target is the issue itself; `other_model`; `into_missing`, `into_merged`.
-- Replaced by late_branches.sql.
CREATE FUNCTION merge_issue(of_issue bigint, seen bigint, target bigint, sub text, called text) RETURNS text
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  of_model   bigint := (SELECT i.device_model_id FROM issues i WHERE i.id = of_issue);
  into_issue issues;
  outcome    text;
BEGIN
  IF of_model IS NULL THEN
    RETURN 'missing';
  END IF;
  PERFORM lock_mapping(of_model, true);
  PERFORM FROM issues i WHERE i.id IN (of_issue, target) ORDER BY i.id FOR NO KEY UPDATE;
  outcome := lock_issue(of_issue, seen);
  SELECT * INTO into_issue FROM issues WHERE id = target;
  outcome := CASE WHEN outcome IS NOT NULL THEN outcome
                  WHEN into_issue.id IS NULL THEN 'into_missing'
                  WHEN target = of_issue THEN 'same'
                  WHEN into_issue.device_model_id <> of_model THEN 'other_model'
                  WHEN into_issue.state = 'merged' THEN 'into_merged' END;
  IF outcome IS NOT NULL THEN
    RETURN outcome;
  END IF;
  PERFORM reopen_issue(of_issue, NULL, NULL);
  UPDATE issues i SET state = 'merged', merged_into = target WHERE i.id = of_issue;
  -- Who asks for what went into it before goes straight to where it is now.
  UPDATE issues i SET merged_into = target WHERE i.merged_into = of_issue;
  UPDATE issues i SET revision = revision + 1 WHERE i.id = target;
  UPDATE signatures s SET issue_id = target WHERE s.issue_id = of_issue;
  PERFORM recount_issue(of_issue), recount_issue(target);
  PERFORM note_issue(of_issue, 'merged', NULL, NULL, sub, called, target::text);
  PERFORM note_issue(target, 'took_in', NULL, NULL, sub, called, of_issue::text);
  RETURN 'done';
END
$$;

-- Makes a new issue of one of an issue's signatures. Further outcomes: `signature` when the issue has no such
-- signature, `only_signature` when it has no other.
CREATE FUNCTION split_issue(
  of_issue bigint, seen bigint, hash text, sub text, called text, OUT outcome text, OUT made bigint
) LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  of_model bigint := (SELECT i.device_model_id FROM issues i WHERE i.id = of_issue);
  split    bigint;
BEGIN
  IF of_model IS NULL THEN
    outcome := 'missing';
    RETURN;
  END IF;
  PERFORM lock_mapping(of_model, true);
  PERFORM lock_numbers(of_model);
  outcome := lock_issue(of_issue, seen);
  IF outcome IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT s.id INTO split FROM signatures s WHERE s.issue_id = of_issue AND s.signature = hash;
  IF NOT FOUND THEN
    outcome := 'signature';
    RETURN;
  END IF;
  PERFORM FROM signatures s WHERE s.issue_id = of_issue AND s.id <> split LIMIT 1;
  IF NOT FOUND THEN
    outcome := 'only_signature';
    RETURN;
  END IF;
  made := make_issue(of_model, NULL);
  UPDATE signatures s SET issue_id = made WHERE s.id = split;
  UPDATE issues i SET revision = revision + 1 WHERE i.id = of_issue;
  PERFORM recount_issue(of_issue), recount_issue(made);
  PERFORM note_issue(of_issue, 'split', NULL, NULL, sub, called, made::text);
  PERFORM note_issue(made, 'split_from', NULL, NULL, sub, called, of_issue::text);
  outcome := 'done';
END
$$;

COMMIT;
