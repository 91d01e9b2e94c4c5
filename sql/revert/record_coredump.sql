-- Revert coredepot:record_coredump from pg

BEGIN;

DROP FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean);

COMMIT;
