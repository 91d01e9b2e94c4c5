-- Revert coredepot:issue_views from pg

BEGIN;

DROP INDEX devices_searched;
DROP FUNCTION find_coredumps(bigint, bigint, bigint, text, text, timestamptz, timestamptz, timestamptz, bigint,
                             bigint);
DROP FUNCTION find_issues(text, bigint, text, boolean, boolean, text, text, text, text, timestamptz, bigint, bigint,
                          bigint, bigint);
DROP FUNCTION containing(text);
DROP FUNCTION issue_sparkline(bigint);
DROP VIEW issue_summaries;
DROP FUNCTION issue_name(text, bigint);

COMMIT;
