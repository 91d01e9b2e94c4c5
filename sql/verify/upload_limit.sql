-- Verify coredepot:upload_limit on pg

BEGIN;

SELECT upload_budget_full_at FROM devices WHERE false;

SELECT 1 / has_column_privilege('coredepot_writer', 'devices', 'upload_budget_full_at', 'UPDATE')::int;
SELECT 1 / has_function_privilege('coredepot_writer',
  'store_coredump(interval, interval, bigint, text, text, text, bigint, timestamptz, integer)',
  'EXECUTE')::int;

ROLLBACK;
