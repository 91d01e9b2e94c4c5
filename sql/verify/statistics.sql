-- Verify coredepot:statistics on pg

BEGIN;

SELECT 1 / (count(*) = 1)::int FROM coredump_statistics;
SELECT 1 / has_function_privilege('coredepot_writer', 'count_coredumps()', 'EXECUTE')::int;
SELECT 1 / (count(*) = 1)::int FROM pg_class
 WHERE relname = 'coredumps_pending_since' AND relkind = 'i';

ROLLBACK;
