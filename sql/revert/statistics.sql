-- Revert coredepot:statistics from pg

BEGIN;

DROP FUNCTION count_coredumps();
DROP TABLE coredump_statistics;

COMMIT;
