-- Verify coredepot:triage on pg

BEGIN;

SELECT 1 / (open_issue(0, NULL, NULL, NULL) = 'missing')::int;
SELECT 1 / (outcome = 'missing')::int FROM split_issue(0, NULL, 'x', NULL, NULL);

ROLLBACK;
