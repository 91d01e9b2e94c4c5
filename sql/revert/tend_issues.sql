-- Revert coredepot:tend_issues from pg

BEGIN;

DROP FUNCTION trim_series();
DROP FUNCTION unmute_due_issue();
DROP FUNCTION settle_gone_occurrences();
DROP FUNCTION count_earlier_coredump();
DROP FUNCTION version_of_elf(bigint, text, text);
DROP TABLE uncounted_coredumps;

COMMIT;
