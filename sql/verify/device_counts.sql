-- Verify coredepot:device_counts on pg

BEGIN;

SELECT device_count FROM device_models WHERE false;
SELECT 1 / (count(*) = 3)::int FROM pg_trigger
 WHERE tgrelid = 'devices'::regclass AND tgfoid = 'count_devices()'::regprocedure;

ROLLBACK;
