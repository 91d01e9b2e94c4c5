-- Verify coredepot:objects_by_key on pg

BEGIN;

SELECT 1 / (to_regclass('coredumps_object') IS NOT NULL)::int;

ROLLBACK;
