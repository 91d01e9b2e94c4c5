-- Deploy coredepot:late_branches to pg
-- requires: quick_counting triage

BEGIN;

-- A branch lacks a fix if the issue had been seen in it when it was resolved, no matter when that became
-- known: by an earlier core dump that is parsed later, or by a merge.

-- How the first parse of a core dump changes its issue's state.
CREATE OR REPLACE FUNCTION judge_occurrence(o occurrences, opened bigint) RETURNS void LANGUAGE plpgsql AS $$
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
    ELSIF o.verified AND o.version_id > 0 AND o.at <= i.resolved_at THEN
      -- It waited for its bundle, say, while the issue was resolved: the version had the bug then.
      INSERT INTO issue_seen_before (issue_id, version_id) VALUES (i.id, o.version_id) ON CONFLICT DO NOTHING;
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

-- Merging the signatures of `of_issue` into a resolved issue does not show that its fix did not work. The
-- versions in which they had been seen by then have the bug, like those in which the resolved issue itself
-- had been seen. Nobody knows when core dumps that are gone came; they count as earlier, because the oldest
-- go first.
CREATE FUNCTION see_before(of_issue bigint, target bigint, resolved timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO issue_seen_before (issue_id, version_id)
  SELECT target, v.version_id
    FROM issue_versions v
    LEFT JOIN (SELECT o.version_id, min(o.at) AS at
                 FROM signatures s JOIN occurrences o ON o.signature_id = s.id
                WHERE s.issue_id = of_issue AND o.verified GROUP BY 1) AS first ON first.version_id = v.version_id
   WHERE v.issue_id = of_issue AND v.verified > 0 AND coalesce(first.at <= resolved, true)
      ON CONFLICT DO NOTHING
$$;

-- Further outcomes: `same` when the target is the issue itself; `other_model`; `into_missing`, `into_merged`.
CREATE OR REPLACE FUNCTION merge_issue(of_issue bigint, seen bigint, target bigint, sub text, called text) RETURNS text
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
  IF into_issue.state = 'resolved' THEN
    PERFORM see_before(of_issue, target, into_issue.resolved_at);
  END IF;
  UPDATE signatures s SET issue_id = target WHERE s.issue_id = of_issue;
  PERFORM recount_issue(of_issue), recount_issue(target);
  PERFORM note_issue(of_issue, 'merged', NULL, NULL, sub, called, target::text);
  PERFORM note_issue(target, 'took_in', NULL, NULL, sub, called, of_issue::text);
  RETURN 'done';
END
$$;

COMMIT;
