-- Verify coredepot:record_coredump on pg

BEGIN;

SELECT sha256, idempotency_key FROM coredumps WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_class
 WHERE relname = 'coredumps_idempotency_key' AND relkind = 'i';
SELECT 1 / has_function_privilege('coredepot_writer',
  'record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text, '
  'boolean, integer)', 'EXECUTE')::int;

ROLLBACK;
