-- Deploy coredepot:packed_results to pg
-- requires: quick_counting
-- requires: expired_files

BEGIN;

-- The result of a parse is sent as JSON again and again. Packed in that form, it takes half the room of text
-- and report, and goes to the client as it is. Then parsed_output is '' and there is no report; that is what
-- programs of the previous version see until they are replaced.
--
-- It is only valid while the core dump is PARSED: those programs do not touch it when they replace the result
-- by an error.
ALTER TABLE coredumps ADD COLUMN packed_result bytea;
ALTER TABLE coredumps ALTER COLUMN packed_result SET STORAGE EXTERNAL;  -- or the server would try to pack it again
COMMENT ON COLUMN coredumps.packed_result IS
  'Gzip of how the answer about a PARSED core dump ends: its text and report; null: they are in columns of their own';

-- Records the result of a parse and counts it, if the claim still holds the lease and the model still has the
-- signature rules that the parse used. Returns whether it recorded the result. `counted`: the members
-- `elf_verified` and `crash` of the report; null: they are taken from it. `decoded_version`: the version of the
-- bundle whose ELF decoded the core dump. `packed`: the result; null: it is in `new_output` and `new_report`.
--
-- The core dump is durable, and losing a result only means that a lease ends. So this commits without waiting
-- for the disk: the rows of an issue with many core dumps are not held during a flush.
CREATE FUNCTION record_parse(
  dump bigint, of_lease uuid, new_output text, new_signature text, new_title text, new_report json, counted json,
  decoded_version text, of_model bigint, rules_revision bigint, packed bytea
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
     SET parse_status = 'PARSED', parsed_output = CASE WHEN packed IS NULL THEN new_output ELSE '' END,
         report = CASE WHEN packed IS NULL THEN new_report END, packed_result = packed,
         signature = new_signature, title = new_title, parsed_at = now(), updated_at = now(), lease = NULL,
         last_error = NULL
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
REVOKE EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint, bytea)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint, bytea)
  TO coredepot_writer;

-- In the form that older runners call.
CREATE OR REPLACE FUNCTION record_parse(
  dump bigint, of_lease uuid, new_output text, new_signature text, new_title text, new_report json, counted json,
  decoded_version text, of_model bigint, rules_revision bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN record_parse(dump, of_lease, new_output, new_signature, new_title, new_report, counted, decoded_version,
                      of_model, rules_revision, NULL);
END
$$;

COMMIT;
