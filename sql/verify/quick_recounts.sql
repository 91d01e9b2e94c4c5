-- Verify coredepot:quick_recounts on pg

BEGIN;

SELECT 1 / (pg_get_functiondef('recount_issue(bigint)'::regprocedure) LIKE '%largest%')::int;

ROLLBACK;
