-- Revert coredepot:packed_results from pg

BEGIN;

DROP FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint, bytea);

-- As quick_counting has it.
CREATE OR REPLACE FUNCTION record_parse(
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

-- The server cannot unpack them, so they are made again.
DO $$
BEGIN
  IF EXISTS (SELECT FROM coredumps WHERE packed_result IS NOT NULL AND file_expired_at IS NOT NULL) THEN
    RAISE EXCEPTION 'core dumps whose files have expired would lose their results';
  END IF;
END
$$;
UPDATE coredumps
   SET parse_status = 'PENDING', attempts = 0, next_attempt_at = now(), lease = NULL, suspicion = 0, last_error = NULL,
       parsed_output = NULL, parsed_at = NULL, signature = NULL, title = NULL, report = NULL, updated_at = now()
 WHERE packed_result IS NOT NULL AND parsed_at IS NOT NULL;
ALTER TABLE coredumps DROP COLUMN packed_result;

COMMIT;
