-- Revert coredepot:coredump_arrivals from pg

BEGIN;

DROP FUNCTION
  record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text,
                  boolean, integer, boolean);
DROP VIEW coredump_arrivals;
ALTER TABLE coredumps DROP COLUMN came_late;

COMMIT;
