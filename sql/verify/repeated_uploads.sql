-- Verify coredepot:repeated_uploads on pg

BEGIN;

SELECT 1 / has_function_privilege('coredepot_writer',
  'find_upload(bigint, text, bigint, bytea, timestamptz, text, boolean)', 'EXECUTE')::int;

ROLLBACK;
