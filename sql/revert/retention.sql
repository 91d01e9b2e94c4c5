-- Revert coredepot:retention from pg

BEGIN;

DROP FUNCTION surplus_coredumps(bigint, bigint, integer);
DROP VIEW coredump_arrivals;

COMMIT;
