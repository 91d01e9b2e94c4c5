-- Verify coredepot:quick_lists on pg

SELECT first_version, last_version FROM issue_summaries WHERE false;
SELECT 1 / (json_array_length(issue_sparkline(0)) = 24)::int;
SELECT 'issues_still_seen'::regclass;
