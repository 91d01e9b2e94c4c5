-- Revert coredepot:objects_by_key from pg

BEGIN;

DROP INDEX coredumps_object;

COMMIT;
