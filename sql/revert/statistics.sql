-- Revert coredepot:statistics from pg

BEGIN;

DROP INDEX coredumps_pending_since;
DROP FUNCTION count_coredumps();
DROP TABLE coredump_statistics;

COMMIT;
