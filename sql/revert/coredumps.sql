-- Revert coredepot:coredumps from pg

BEGIN;

DROP TABLE coredumps;

COMMIT;
