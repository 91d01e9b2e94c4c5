-- Verify coredepot:store_coredump on pg

BEGIN;

SELECT has_function_privilege('coredepot_writer',
  'store_coredump(bigint, text, text, text, bigint, timestamptz, integer)', 'EXECUTE');

ROLLBACK;
