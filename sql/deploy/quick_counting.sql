-- Deploy coredepot:quick_counting to pg
-- requires: tend_issues

BEGIN;

-- Counts in as few statements as possible, because each costs more than the rows that it changes. Functions
-- in SQL are planned again in each transaction; those in PL/pgSQL keep their plans. See count_occurrence for
-- the locks.

CREATE OR REPLACE FUNCTION note_issue(
  of_issue bigint, what text, of_version text DEFAULT NULL, of_coredump bigint DEFAULT NULL,
  sub text DEFAULT NULL, called text DEFAULT NULL, said text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_history (issue_id, event, version, coredump_id, by_sub, by_name, comment)
  VALUES (of_issue, what, of_version, of_coredump, sub, called, said);
END
$$;

-- The version's ID; 0: unknown.
CREATE FUNCTION decoding_version(of_model bigint, named text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  known bigint;
BEGIN
  IF named IS NULL THEN
    RETURN 0;
  END IF;
  SELECT v.id INTO known FROM model_versions v WHERE v.device_model_id = of_model AND v.version = named;
  RETURN CASE WHEN FOUND THEN known ELSE ensure_version(of_model, named, NULL) END;
END
$$;

-- Adds one occurrence to all counts; to those of the version only if `is_new_to_version`. Its issue is locked.
-- `counted` says who is counted already: whether the device is in the signature's counts, in those of its issue, and
-- in those of the issue with the version.
-- Replaced by issues_in_one_row.sql.
CREATE FUNCTION add_occurrence(
  dump bigint, of_issue bigint, of_signature bigint, device bigint, of_version bigint, uploaded timestamptz,
  is_verified boolean, is_new_to_version boolean
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH counted AS MATERIALIZED (
    SELECT coalesce(bool_or(d.signature_id = of_signature), false)::int AS in_signature,
           (count(*) > 0)::int AS in_issue, coalesce(bool_or(d.version_id = of_version), false)::int AS in_version
      FROM signatures s
      JOIN signature_devices d ON d.signature_id = s.id AND d.device_id = device
     WHERE s.issue_id = of_issue
  ), as_what AS (
    INSERT INTO occurrences (coredump_id, signature_id, device_id, version_id, at, verified)
    VALUES (dump, of_signature, device, of_version, uploaded, is_verified)
  ), by_device AS (
    INSERT INTO signature_devices AS d (signature_id, device_id, version_id, occurrences, verified, last_seen)
    VALUES (of_signature, device, of_version, 1, is_verified::int, uploaded)
        ON CONFLICT (signature_id, device_id, version_id) DO UPDATE
       SET occurrences = d.occurrences + 1, verified = d.verified + is_verified::int,
           last_seen = greatest(d.last_seen, uploaded)
  ), by_signature AS (
    UPDATE signatures s
       SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT is_verified)::int,
           devices = devices + 1 - (SELECT in_signature FROM counted),
           first_coredump_id = CASE WHEN first_seen <= uploaded THEN first_coredump_id ELSE dump END,
           first_seen = least(first_seen, uploaded), last_seen = greatest(last_seen, uploaded)
     WHERE s.id = of_signature
  ), by_hour AS (
    INSERT INTO signature_hours AS h (signature_id, hour, occurrences)
    SELECT of_signature, date_trunc('hour', uploaded, 'UTC'), 1 WHERE uploaded > now() - interval '14 days'
        ON CONFLICT (signature_id, hour) DO UPDATE SET occurrences = h.occurrences + 1
  ), by_day AS (
    INSERT INTO signature_days AS h (signature_id, day, occurrences)
    SELECT of_signature, (uploaded AT TIME ZONE 'UTC')::date, 1 WHERE uploaded > now() - interval '400 days'
        ON CONFLICT (signature_id, day) DO UPDATE SET occurrences = h.occurrences + 1
  ), by_version AS (
    INSERT INTO issue_versions AS v (issue_id, version_id, occurrences, verified, devices)
    SELECT of_issue, of_version, 1, is_verified::int, 1 WHERE of_version > 0
        ON CONFLICT (issue_id, version_id) DO UPDATE
       SET occurrences = v.occurrences + 1, verified = v.verified + is_verified::int,
           devices = v.devices + 1 - (SELECT in_version FROM counted)
  ), by_device_of_version AS (
    INSERT INTO version_devices AS d (version_id, device_id, occurrences)
    SELECT of_version, device, 1 WHERE of_version > 0 AND is_new_to_version
        ON CONFLICT (version_id, device_id) DO UPDATE SET occurrences = d.occurrences + 1
    RETURNING d.occurrences
  ), by_version_of_model AS (
    UPDATE model_versions v
       SET occurrences = v.occurrences + 1, devices = v.devices + (d.occurrences = 1)::int
      FROM by_device_of_version d WHERE v.id = of_version
  )
  UPDATE issues i
     SET occurrences = occurrences + 1, kept = kept + 1, unverified = unverified + (NOT is_verified)::int,
         devices = devices + 1 - (SELECT in_issue FROM counted),
         first_seen = least(first_seen, uploaded), last_seen = greatest(last_seen, uploaded)
   WHERE i.id = of_issue;
END
$$;
DROP FUNCTION add_occurrence(occurrences);

-- Counts a core dump that was parsed, or moves it to what it is found to be now; the same again changes nothing.
-- Returns whether anything was changed. The core dump's row is locked. `report`: the whole, or its members
-- `elf_verified` and `crash`. `decoded_version`: of the bundle whose ELF decoded it; null: it is not known. `is_news`:
-- whether it may change an issue's state, if it is counted for the first time.
CREATE FUNCTION count_parsed(
  dump bigint, device bigint, uploaded timestamptz, of_model bigint, hash text, new_title text, report json,
  decoded_version text, is_news boolean
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  is_verified boolean := coalesce(report ->> 'elf_verified' = 'true', false);
  of_version  bigint  := decoding_version(of_model, decoded_version);
  before      occurrences;
  made        record;
  opened      bigint;
  counted     record;
BEGIN
  PERFORM lock_mapping(of_model, false);
  SELECT * INTO before FROM occurrences WHERE coredump_id = dump;
  IF FOUND THEN
    made := ensure_signature(of_model, hash, new_title, report);
    opened := made.opened;
    IF (before.signature_id, before.version_id, before.verified) = (made.id, of_version, is_verified) THEN
      RETURN false;
    END IF;
    PERFORM FROM issues i
      WHERE i.id = ANY (ARRAY (SELECT s.issue_id FROM signatures s WHERE s.id IN (before.signature_id, made.id)))
      ORDER BY i.id FOR NO KEY UPDATE;
    PERFORM take_occurrence(before);
  END IF;

  LOOP
    SELECT s.id AS signature, i.id AS issue, i.state INTO counted FROM signatures s JOIN issues i ON i.id = s.issue_id
     WHERE s.device_model_id = of_model AND s.signature = hash FOR NO KEY UPDATE OF i;
    EXIT WHEN FOUND;
    made := ensure_signature(of_model, hash, new_title, report);
    opened := made.opened;
  END LOOP;
  PERFORM add_occurrence(dump, counted.issue, counted.signature, device, of_version, uploaded, is_verified,
                         before.coredump_id IS NULL);
  IF opened IS NOT NULL OR (is_news AND before.coredump_id IS NULL AND counted.state <> 'open') THEN
    PERFORM judge_occurrence(ROW (dump, counted.signature, device, of_version, uploaded, is_verified, false)::occurrences,
                             opened);
  END IF;

  IF before.coredump_id IS NOT NULL AND before.version_id <> of_version THEN
    PERFORM count_in_version(c.version, device, c.change)
       FROM (VALUES (before.version_id, -1), (of_version, 1)) AS c (version, change)
      WHERE c.version > 0 ORDER BY c.version;
  END IF;
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION count_occurrence(
  dump bigint, device bigint, uploaded timestamptz, hash text, new_title text, report json, decoded_version text,
  is_news boolean
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_parsed(dump, device, uploaded, d.device_model_id, hash, new_title, report, decoded_version, is_news)
     FROM devices d WHERE d.id = device;
END
$$;

-- The same, told what counting reads of the report: to look for that in all of a long one takes as long as to count.
-- `counted`: its members `elf_verified` and `crash`; null: they are sought in it.
-- Replaced by packed_results.sql.
CREATE FUNCTION record_parse(
  dump bigint, of_lease uuid, new_output text, new_signature text, new_title text, new_report json, counted json,
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
    PERFORM count_parsed(dump, c.device_id, c.uploaded_at, of_model, new_signature, new_title,
                         coalesce(counted, new_report), decoded_version, true);
  END IF;
  RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint)
  TO coredepot_writer;

-- As runners of before call it.
-- Replaced by packed_results.sql.
CREATE OR REPLACE FUNCTION record_parse(
  dump bigint, of_lease uuid, new_output text, new_signature text, new_title text, new_report json,
  decoded_version text, of_model bigint, rules_revision bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN record_parse(dump, of_lease, new_output, new_signature, new_title, new_report, NULL, decoded_version,
                      of_model, rules_revision);
END
$$;

COMMIT;
