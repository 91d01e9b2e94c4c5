-- Revert coredepot:adopted_signatures from pg

BEGIN;

DROP INDEX signatures_by_previous;
CREATE INDEX signatures_by_previous ON signatures (device_model_id, previous_signature)
  WHERE previous_signature IS NOT NULL;

COMMIT;
