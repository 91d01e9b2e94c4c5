-- Revert coredepot:record_coredump from pg

BEGIN;

DROP FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer);
DROP INDEX coredumps_by_sha256, coredumps_idempotency_key;
ALTER TABLE coredumps DROP COLUMN sha256, DROP COLUMN idempotency_key;

COMMIT;
