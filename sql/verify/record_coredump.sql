-- Verify coredepot:record_coredump on pg

BEGIN;

SELECT sha256, idempotency_key FROM coredumps WHERE false;
SELECT 1 / (count(*) = 2)::int FROM pg_class
 WHERE relname IN ('coredumps_idempotency_key', 'coredumps_by_sha256') AND relkind = 'i';
SELECT 1 / has_function_privilege('coredepot_writer',
  'record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text, '
  'boolean, integer)', 'EXECUTE')::int;

ROLLBACK;
