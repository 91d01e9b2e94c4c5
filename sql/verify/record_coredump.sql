-- Verify coredepot:record_coredump on pg

BEGIN;

SELECT 1 / has_function_privilege('coredepot_writer',
  'record_coredump(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, text, '
  'boolean, integer, boolean)', 'EXECUTE')::int;

ROLLBACK;
