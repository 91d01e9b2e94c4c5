-- Verify coredepot:statistics on pg

BEGIN;

SELECT ahead FROM coredump_statistics WHERE false;
SELECT 1 / (count(*) = 1)::int FROM coredump_statistics;
SELECT 1 / has_function_privilege('coredepot_writer', 'count_coredumps()', 'EXECUTE')::int;

ROLLBACK;
