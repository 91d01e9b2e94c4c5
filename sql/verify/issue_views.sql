-- Verify coredepot:issue_views on pg

BEGIN;

SELECT name, kept, fixed_in, revision FROM issue_summaries WHERE false;
SELECT 1 / (json_array_length(issue_sparkline(0)) = 24)::int;
SELECT 1 / has_table_privilege('coredepot_reader', 'issue_summaries', 'SELECT')::int;

SELECT 1 / ('a%b_c' LIKE containing('%b_'))::int;
SELECT id FROM find_issues('devices', 1, 'open', true, true, 'x', 'x', 'x', 'x', now(), 1, 1, 1, 1);
SELECT id FROM find_issues('last_seen', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 1, 1);
SELECT coredump_id FROM find_coredumps(NULL, NULL, 1, 'x', 'x', now(), now(), now(), 1, 1);

ROLLBACK;
