-- Verify coredepot:upload_limit on pg

BEGIN;

SELECT 1 / has_function_privilege('coredepot_writer',
  'upload_wait(timestamptz, timestamptz, interval, interval)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer',
  'upload_budget_after(timestamptz, timestamptz, interval, interval)', 'EXECUTE')::int;

ROLLBACK;
