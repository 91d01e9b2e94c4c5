-- Verify coredepot:store_coredump on pg

BEGIN;

-- By name: upload_limit gives it other parameters.
SELECT 1 / (count(*) = 1)::int FROM pg_proc
 WHERE proname = 'store_coredump' AND has_function_privilege('coredepot_writer', oid, 'EXECUTE');

ROLLBACK;
