-- Deploy coredepot:adopted_signatures to pg
-- requires: issues

BEGIN;

-- For each new signature ensure_signature() looks for the first that has it as the one by the rules before. Without the
-- order in the index, PostgreSQL may look through all signatures in the order of their ids: where few hashes by the rules
-- before stand for many signatures, it expects to come upon one soon.
CREATE INDEX signatures_by_previous_first ON signatures (device_model_id, previous_signature, id)
  WHERE previous_signature IS NOT NULL;
DROP INDEX signatures_by_previous;
ALTER INDEX signatures_by_previous_first RENAME TO signatures_by_previous;

COMMIT;
