-- Deploy coredepot:adopted_signatures to pg
-- requires: issues

BEGIN;

-- ensure_signature() looks for the first signature that has each new signature as the one by the previous
-- rules. If the index did not have the order, PostgreSQL might scan all signatures by ID: where few previous
-- hashes stand for many signatures, it expects to find one soon.
CREATE INDEX signatures_by_previous_first ON signatures (device_model_id, previous_signature, id)
  WHERE previous_signature IS NOT NULL;
DROP INDEX signatures_by_previous;
ALTER INDEX signatures_by_previous_first RENAME TO signatures_by_previous;

COMMIT;
