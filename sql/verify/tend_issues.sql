-- Verify coredepot:tend_issues on pg

BEGIN;

SELECT 1 / count(*) FROM uncounted_coredumps;
SELECT count_earlier_coredump(), settle_gone_occurrences(), unmute_due_issue(), trim_series();

ROLLBACK;
