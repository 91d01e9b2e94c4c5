-- Deploy coredepot:record_parse to pg
-- requires: count_occurrence
-- requires: signature_rules

BEGIN;

-- Records the result of a parse and counts it, if the claim still holds the lease and the model still has the
-- signature rules that the parse used. Returns whether it recorded the result. `decoded_version`: the version
-- of the bundle whose ELF decoded the core dump.
--
-- The core dump is durable, and losing a result only means that a lease ends. So this commits without waiting
-- for the disk: the rows of an issue with many core dumps are not held during a flush.
-- Replaced by packed_results.sql.
CREATE FUNCTION record_parse(
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

REVOKE EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, text, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, text, bigint, bigint) TO coredepot_writer;

COMMIT;
