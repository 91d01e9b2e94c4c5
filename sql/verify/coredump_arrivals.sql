-- Verify coredepot:coredump_arrivals on pg

BEGIN;

SELECT came_late FROM coredumps WHERE false;
SELECT id, device_id, signature, came_at FROM coredump_arrivals WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer',
  'record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text, '
  'boolean, integer, boolean)', 'EXECUTE')::int;

ROLLBACK;
