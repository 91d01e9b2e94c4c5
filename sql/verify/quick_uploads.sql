-- Verify coredepot:quick_uploads on pg

BEGIN;

SELECT 1 / has_function_privilege('coredepot_writer',
  'record_upload(interval, interval, bigint, text, text, text, bigint, bytea, timestamptz, integer, text)',
  'EXECUTE')::int;

ROLLBACK;
