-- Verify coredepot:late_branches on pg

BEGIN;

SELECT 1 / (pg_get_functiondef('judge_occurrence(occurrences, bigint)'::regprocedure) LIKE '%issue_seen_before%')::int,
       1 / (pg_get_functiondef('merge_issue(bigint, bigint, bigint, text, text)'::regprocedure) LIKE '%see_before%')::int;

ROLLBACK;
